package import ByteStrings

/// A pattern for one component of a path, as Go's `filepath.Match` reads it.
///
/// `*`, `?`, `[a-z]`, `[^a-z]` and the backslash have a meaning; `**` is the same as `*`, and a leading dot is a byte
/// like any other. `?` and sets take whole UTF-8 characters; a byte that is no UTF-8 is one character.
package struct GlobPattern: Hashable, Sendable {
    private let program: PatternProgram

    /// Compiles the pattern.
    ///
    /// - Throws: `ContextError.badPattern` for an open bracket, an empty set or a backslash at the end.
    package init(_ pattern: ByteString) throws(ContextError) {
        do {
            program = PatternProgram(try PatternParser.parse(pattern, doubleStars: false))
        } catch {
            throw .badPattern(pattern, nil)
        }
    }

    /// Whether the pattern matches the whole of `name`.
    package func matches(_ name: ByteString) -> Bool {
        name.bytes.withUnsafeBufferPointer { program.matches($0) }
    }

    /// Whether `component` holds a character that makes it a pattern.
    package static func isPattern(_ component: ByteString) -> Bool {
        var isEscaped = false
        for byte in component.bytes {
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "*") || byte == UInt8(ascii: "?") || byte == UInt8(ascii: "[") {
                return true
            }
        }
        return false
    }
}
