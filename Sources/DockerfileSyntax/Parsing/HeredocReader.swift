import ByteStrings
import SourceDiagnostics

/// Reads the documents that follow an instruction's line.
struct HeredocReader {
    private(set) var heredocs: [Heredoc] = []
    private(set) var diagnostics: [Diagnostic] = []

    /// Takes the lines of every document off `reader`; an unterminated one takes them all.
    init(_ words: [HeredocWord], of line: inout LogicalLine, in source: SourceText, from reader: inout LineReader) {
        for word in words {
            let written = ByteString(line.text[word.part])
            guard let heredoc = read(word, written, &line, &reader) else {
                report(word, line.range(word.part, in: source))
                return
            }
            heredocs.append(heredoc)
        }
    }

    /// A line that looks like the end word but for blanks around it.
    private var nearlyEnd: Int?

    private mutating func read(
        _ word: HeredocWord,
        _ written: ByteString,
        _ line: inout LogicalLine,
        _ reader: inout LineReader
    ) -> Heredoc? {
        var content: [UInt8] = []
        var writtenContent: [UInt8] = []
        while let raw = reader.rawLine() {
            let stripped = word.stripsTabs ? raw.drop { $0 == UInt8(ascii: "\t") } : raw
            let end = stripped.lastIndex { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
            let text = stripped[..<(end.map { $0 + 1 } ?? stripped.startIndex)]
            line.sourceEnd = text.endIndex
            if text.elementsEqual(word.name.bytes) {
                return Heredoc(
                    name: word.name,
                    content: ByteString(content),
                    expands: word.expands,
                    stripsTabs: word.stripsTabs,
                    fileDescriptor: word.fileDescriptor,
                    written: written,
                    writtenContent: word.stripsTabs ? ByteString(writtenContent) : nil
                )
            }
            if nearlyEnd == nil, text.trimmingBlanks.elementsEqual(word.name.bytes) { nearlyEnd = reader.nextLine - 1 }
            content.append(contentsOf: stripped)
            if word.stripsTabs { writtenContent.append(contentsOf: raw) }
        }
        return nil
    }

    private mutating func report(_ word: HeredocWord, _ range: SourceRange) {
        var hint = "write `\(word.name)` on a line of its own where the document ends"
        if let nearlyEnd {
            hint = "line \(nearlyEnd) has blanks around `\(word.name)`: the end word must be the whole line"
        }
        diagnostics.append(
            Diagnostic(
                severity: .error,
                id: "InvalidHeredoc",
                message: "unterminated heredoc: the file ends before a line that is just `\(word.name)`",
                range: range,
                hint: hint
            )
        )
    }
}
