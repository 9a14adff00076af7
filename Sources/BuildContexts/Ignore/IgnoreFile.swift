package import ByteStrings

/// A `.dockerignore` file.
///
/// Source: Dockerfile reference and Docker's build context documentation, ".dockerignore files".
package struct IgnoreFile: Hashable, Sendable {
    /// The most bytes an ignore file may have.
    package static let sizeLimit = 1 << 20

    /// The name towards people.
    package let name: ByteString
    package let matcher: IgnoreMatcher

    /// Reads the lines of an ignore file.
    ///
    /// A byte order mark at the start and blanks around a line are dropped, lines that start with `#` in the first
    /// column or are blank say nothing, and a leading slash means nothing.
    ///
    /// - Throws: `ContextError.badPattern`, `ContextError.emptyException`.
    package init(parsing bytes: [UInt8], name: ByteString) throws(ContextError) {
        self.name = name
        var rest = bytes[...]
        if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
        var patterns: [IgnorePattern] = []
        let lines = rest.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() where line.first != UInt8(ascii: "#") {
            let rule = IgnoreRule(file: name, line: index + 1, text: ByteString(line.trimmingBlanks))
            if let pattern = try IgnorePattern(Self.relative(rule.text), rule: rule) { patterns.append(pattern) }
        }
        matcher = IgnoreMatcher(patterns)
    }

    /// The line cleaned and without the slash at the front of its path.
    private static func relative(_ line: ByteString) -> ByteString {
        let isException = line.first == UInt8(ascii: "!")
        let path = isException ? ByteString(line.dropFirst().trimmingBlanks) : line
        if path.isEmpty { return line }
        let cleaned = path.lexicallyCleaned
        let relative = cleaned.isAbsolutePath && cleaned.count > 1 ? ByteString(cleaned.dropFirst()) : cleaned
        return isException ? "!" + relative : relative
    }
}
