import ByteStrings

/// The `<<EOF` word of an instruction, before the document is read.
struct HeredocWord {
    var name: ByteString
    var expands: Bool
    var stripsTabs: Bool
    var fileDescriptor: Int?
    /// The part of the line it stands in.
    var part: Range<Int>

    /// The heredocs that the arguments in `part` of a line name, in order.
    ///
    /// None when the quotes or substitutions of the arguments do not add up.
    static func all(in line: [UInt8], _ part: Range<Int>) -> [HeredocWord] {
        guard containsOperator(line[part]) else { return [] }
        var lexer = WordLexer(
            Array(line[part]),
            escape: UInt8(ascii: "\\"),
            options: .init(keepsQuotes: true, keepsEscapes: true, keepsUnset: true)
        )
        guard let words = try? lexer.words({ _ in nil }) else { return [] }
        var heredocs: [HeredocWord] = []
        var index = 0
        while index < words.count {
            var word = words[index]
            index += 1
            if isOperator(word.text), index < words.count {
                word.text = word.text + words[index].text
                word.part = word.part.lowerBound..<words[index].part.upperBound
                index += 1
            }
            guard var heredoc = HeredocWord(word) else { continue }
            heredoc.part = (word.part.lowerBound + part.lowerBound)..<(word.part.upperBound + part.lowerBound)
            heredocs.append(heredoc)
        }
        return heredocs
    }

    private static func containsOperator(_ text: ArraySlice<UInt8>) -> Bool {
        guard text.count > 2 else { return false }
        return text.withUnsafeBufferPointer { bytes in
            for index in 1..<bytes.count
            where bytes[index] == UInt8(ascii: "<") && bytes[index - 1] == UInt8(ascii: "<") {
                return true
            }
            return false
        }
    }

    /// Nil when the word is no heredoc.
    init?(_ word: Word) {
        let digits = word.text.bytes.prefix(while: GoLiteral.isDigit)
        var rest = word.text.bytes.dropFirst(digits.count)
        guard rest.starts(with: "<<".utf8) else { return nil }
        rest = rest.dropFirst(2)
        stripsTabs = rest.first == UInt8(ascii: "-")
        if stripsTabs { rest.removeFirst() }
        rest = rest.trimmingLeadingBlanks
        guard !rest.isEmpty, !rest.contains(UInt8(ascii: "<")),
            let name = Self.onlyWord(of: Array(rest), keepingQuotes: false),
            let quotedName = Self.onlyWord(of: Array(rest), keepingQuotes: true)
        else { return nil }
        self.name = name
        // Quotes that are gone from the name have quoted a part of it.
        expands = Self.quoteCount(name) == Self.quoteCount(quotedName)
        fileDescriptor = digits.isEmpty ? nil : GoLiteral.decimal(digits).flatMap { Int(exactly: $0) }
        part = word.part
    }

    /// Whether a word is a bare `<<`, whose end word follows it.
    static func isOperator(_ word: ByteString) -> Bool {
        let text = word.bytes.drop(while: GoLiteral.isDigit)
        return text.elementsEqual("<<".utf8) || text.elementsEqual("<<-".utf8)
    }

    private static func onlyWord(of text: [UInt8], keepingQuotes: Bool) -> ByteString? {
        var lexer = WordLexer(
            text,
            escape: UInt8(ascii: "\\"),
            options: .init(keepsQuotes: keepingQuotes, keepsUnset: true)
        )
        guard let words = try? lexer.words({ _ in nil }), words.count == 1 else { return nil }
        return words[0].text
    }

    private static func quoteCount(_ text: ByteString) -> Int {
        text.bytes.count { $0 == UInt8(ascii: "'") || $0 == UInt8(ascii: "\"") }
    }
}
