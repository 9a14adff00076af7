import ByteStrings
import DockerfileSyntax

/// A word in which the builder replaces variables.
struct ExpandedWord {
    /// As it is written.
    var text: ByteString
    /// Whether it is the content of a document, where quotes are text and the escape is always a backslash.
    var isHeredoc = false

    /// The names it uses that are not declared, in their sorted order.
    func undeclared(escape: UInt8, isDeclared: (ByteString) -> Bool) -> [ByteString] {
        guard text.contains(UInt8(ascii: "$")) else { return [] }
        if !isHeredoc { return Self.unset(in: text, escape: escape, isDeclared) }
        return Self.unset(in: withoutQuotes, escape: UInt8(ascii: "\\"), isDeclared)
    }

    /// Every name it uses.
    func names(escape: UInt8) -> Set<ByteString> {
        guard text.contains(UInt8(ascii: "$")) else { return [] }
        if !isHeredoc { return GlobalVariables.uses(in: text, escape: escape) }
        return GlobalVariables.uses(in: withoutQuotes, escape: UInt8(ascii: "\\"))
    }

    private static func unset(
        in word: ByteString,
        escape: UInt8,
        _ isDeclared: (ByteString) -> Bool
    ) -> [ByteString] {
        WordExpander(escape: escape).unsetNames(in: word, isSet: isDeclared)
    }

    /// The document with blanks for quotes: they quote nothing in it.
    private var withoutQuotes: ByteString {
        ByteString(text.bytes.map { $0 == UInt8(ascii: "'") || $0 == UInt8(ascii: "\"") ? 0x20 : $0 })
    }
}
