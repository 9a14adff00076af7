package import ByteStrings

/// One pattern of an ignore file or of `--exclude`.
///
/// It is matched against whole paths. `*`, `?` and sets stay within a component, `**` takes any number of them. A
/// pattern also holds for everything below what it matches, which is up to ``IgnoreMatcher``.
package struct IgnorePattern: Hashable, Sendable {
    /// Whether the pattern starts with `!` and brings files back.
    package let isException: Bool

    /// Where the pattern stands, or nil when it comes from a flag.
    package let rule: IgnoreRule?

    private let program: PatternProgram

    /// Compiles a pattern; nil for one that is blank.
    ///
    /// Blanks around it are dropped, and `.`, `..` and repeated or trailing slashes are resolved by text.
    ///
    /// - Throws: `ContextError.badPattern`, `ContextError.emptyException`.
    package init?(_ text: ByteString, rule: IgnoreRule? = nil) throws(ContextError) {
        var bytes = text.bytes.trimmingBlanks
        guard let first = bytes.first else { return nil }
        isException = first == UInt8(ascii: "!")
        self.rule = rule
        if isException { bytes = bytes.dropFirst().trimmingBlanks }
        if bytes.isEmpty { throw .emptyException(rule) }
        program = try Self.compile(ByteString(bytes).lexicallyCleaned, text, rule)
    }

    /// A pattern for what to take instead of what to leave: `path` is clean, and a `!` in front is part of a name.
    init(including path: ByteString) throws(ContextError) {
        isException = false
        rule = nil
        program = try Self.compile(path, path, nil)
    }

    private static func compile(
        _ pattern: ByteString,
        _ text: ByteString,
        _ rule: IgnoreRule?
    ) throws(ContextError) -> PatternProgram {
        do {
            var pieces = try PatternParser.parse(pattern, doubleStars: true)
            // `**name` without a slash is the end of a path, not the end of a component.
            if case .anyFolders? = pieces.first, pieces.count == 2, isPlainSuffix(pattern) {
                pieces[0] = .anything
            }
            return PatternProgram(pieces)
        } catch {
            throw .badPattern(text, rule)
        }
    }

    /// Whether the pattern matches the path itself, not one of its parents.
    func matches(_ path: UnsafeBufferPointer<UInt8>) -> Bool {
        program.matches(path)
    }

    /// Whether the pattern can match something that starts with `folder`, a path with a slash at its end.
    func canMatch(below folder: UnsafeBufferPointer<UInt8>) -> Bool {
        program.canMatch(startingWith: folder)
    }

    /// Whether the pattern is `**`, no slash, and then bytes without a special meaning.
    private static func isPlainSuffix(_ pattern: ByteString) -> Bool {
        let suffix = pattern.bytes.dropFirst(2)
        return suffix.first != ByteString.slash && !suffix.contains { Array(#"*?[]\"#.utf8).contains($0) }
    }
}
