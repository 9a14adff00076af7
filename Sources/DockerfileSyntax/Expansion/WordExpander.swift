package import ByteStrings

/// Replaces the variables in words, and takes quotes and escapes off, by the rules of the Dockerfile language.
package struct WordExpander: Hashable, Sendable {
    private let escape: UInt8

    /// An expander with the escape character of the Dockerfile: a backslash or a backtick.
    package init(escape: UInt8 = UInt8(ascii: "\\")) {
        self.escape = escape
    }

    /// The word with its variables replaced, and its quotes and escapes gone.
    ///
    /// A variable `lookup` knows nothing of is empty. Blanks from variables separate nothing.
    package func expand(
        _ word: ByteString,
        lookup: (ByteString) -> ByteString?
    ) throws(ExpansionError) -> ByteString {
        if !needsWork(word) { return word }
        var lexer = WordLexer(word.bytes, escape: escape)
        return ByteString(try lexer.result(lookup))
    }

    /// The words that `word` becomes when blanks outside quotes separate, also those that come from variables.
    package func expandToWords(
        _ word: ByteString,
        lookup: (ByteString) -> ByteString?
    ) throws(ExpansionError) -> [ByteString] {
        var lexer = WordLexer(word.bytes, escape: escape)
        return try lexer.words(lookup).map(\.text)
    }

    /// The content of a heredoc with its variables replaced; quotes in it are text, escapes are resolved.
    package func expandHeredoc(
        _ content: ByteString,
        lookup: (ByteString) -> ByteString?
    ) throws(ExpansionError) -> ByteString {
        var lexer = WordLexer(content.bytes, escape: escape, options: .init(quotesAreText: true))
        return ByteString(try lexer.result(lookup))
    }

    /// The names of the variables that `word` uses though they are not set, in the order of the word, each once.
    ///
    /// `$x` and `${x}` count, also cut or replaced as in `${x#y}`. A name whose own `-`, `+` or `?` says what happens
    /// without it does not, but the words behind such a sign do. Empty for a word that is malformed.
    package func unsetNames(in word: ByteString, isSet: (ByteString) -> Bool) -> [ByteString] {
        guard word.bytes.contains(UInt8(ascii: "$")) else { return [] }
        var lexer = WordLexer(word.bytes, escape: escape, options: .init(ignoresRequired: true))
        guard (try? lexer.result { isSet($0) ? "" : nil }) != nil else { return [] }
        var seen: Set<ByteString> = []
        return lexer.unset.filter { seen.insert($0).inserted }
    }

    private func needsWork(_ word: ByteString) -> Bool {
        word.bytes.contains { byte in
            byte == UInt8(ascii: "$") || byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") || byte == escape
        }
    }
}
