import ByteStrings
import SourceDiagnostics

/// Reads a text line by line, and joins what is continued.
struct LineReader {
    /// The bytes of a UTF-8 byte order mark.
    static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    private let source: SourceText
    /// The number of the line that is read next, counted from 1.
    private(set) var nextLine = 1
    /// What `# name=value` lines have said so far.
    private(set) var directives = DirectiveReader()
    /// How much of the next line is passed over.
    private var skipped = 0

    init(_ source: SourceText) {
        self.source = source
        if source.bytes.starts(with: Self.byteOrderMark) { skipped = Self.byteOrderMark.count }
    }

    /// Reads from the middle of a text, where an instruction starts.
    init(_ source: SourceText, from start: SourceLocation, escape: UInt8) {
        self.source = source
        nextLine = max(1, start.line)
        skipped = max(1, start.column) - 1
        directives = DirectiveReader(escape: escape)
    }

    /// The next line as it stands, with its line end, or nil at the end: for heredocs.
    mutating func rawLine() -> ArraySlice<UInt8>? {
        guard nextLine <= source.lineCount else { return nil }
        nextLine += 1
        return source.lineWithEnd(nextLine - 1)
    }

    /// The next instruction's text, or nil at the end; comments and blank lines before it are skipped.
    mutating func logicalLine() -> LogicalLine? {
        var firstComment: Int?
        while let (number, read) = nextContent() {
            let line = read.trimmingLeadingBlanks
            let isDirective = directives.read(line, number: number, in: source) == .directive
            if line.isEmpty || isDirective {
                firstComment = nil
                continue
            }
            if line.first == UInt8(ascii: "#") {
                firstComment = firstComment ?? number
                continue
            }
            var logical = LogicalLine()
            logical.firstLine = number
            logical.comments = (firstComment ?? number)..<number
            logical.sourceEnd = read.endIndex
            var isContinued = append(line, to: &logical)
            while isContinued, let (number, next) = nextContent() {
                let content = next.trimmingLeadingBlanks
                if content.first == UInt8(ascii: "#") {
                    logical.innerComments.append((logical.text.count, number))
                    continue
                }
                if content.isEmpty {
                    logical.blankLines.append(number)
                    continue
                }
                logical.sourceEnd = next.endIndex
                isContinued = append(next, to: &logical)
            }
            return logical
        }
        return nil
    }

    /// The comment that stands alone on a line.
    static func comment(_ number: Int, in source: SourceText) -> Comment {
        let whole = source.line(number)
        var line = whole.trimmingTrailingBlanks
        if number == 1, line.starts(with: byteOrderMark) { line = line.dropFirst(byteOrderMark.count) }
        line = line.trimmingLeadingBlanks
        let start = SourceLocation(line: number, column: line.startIndex - whole.startIndex + 1)
        let end = SourceLocation(line: number, column: line.endIndex - whole.startIndex + 1)
        return Comment(text: ByteString(line.dropFirst().trimmingBlanks), range: SourceRange(start, end))
    }

    private mutating func nextContent() -> (number: Int, ArraySlice<UInt8>)? {
        guard nextLine <= source.lineCount else { return nil }
        defer { nextLine += 1 }
        var line = source.line(nextLine)
        if skipped > 0 {
            line = line.dropFirst(skipped)
            skipped = 0
        }
        return (nextLine, line)
    }

    /// Appends the line without its continuation; whether it had one.
    private func append(_ line: ArraySlice<UInt8>, to logical: inout LogicalLine) -> Bool {
        guard let end = Self.continuation(of: line, escape: directives.escape) else {
            logical.append(line)
            return false
        }
        logical.append(line[..<end])
        return true
    }

    /// Where the escape character stands that continues a line, or nil when it ends here.
    static func continuation(of line: ArraySlice<UInt8>, escape: UInt8) -> Int? {
        var end = line.endIndex
        while end > line.startIndex, line[end - 1] == 0x20 || line[end - 1] == 0x09 { end -= 1 }
        // An escaped escape character continues nothing.
        guard end > line.startIndex, line[end - 1] == escape,
            end - 1 == line.startIndex || line[end - 2] != escape
        else { return nil }
        return end - 1
    }
}
