import SourceDiagnostics

/// Reads a text line by line, and joins what is continued.
struct LineReader {
    /// The bytes of a UTF-8 byte order mark.
    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    private let source: SourceText
    /// The number of the line that is read next, counted from 1.
    private(set) var nextLine = 1
    /// What `# name=value` lines have said so far.
    var directives = DirectiveReader()

    init(_ source: SourceText) {
        self.source = source
    }

    /// The next line as it stands, with its line end, or nil at the end: for heredocs.
    mutating func rawLine() -> ArraySlice<UInt8>? {
        guard nextLine <= source.lineCount else { return nil }
        nextLine += 1
        return source.lineWithEnd(nextLine - 1)
    }

    /// The next instruction's text, or nil at the end; comments and blank lines before it are skipped.
    mutating func logicalLine() -> LogicalLine? {
        while let (number, read) = nextContent() {
            let line = read.trimmingLeadingBlanks
            directives.read(line, number: number, in: source)
            if line.isEmpty || line.first == UInt8(ascii: "#") { continue }
            var logical = LogicalLine()
            logical.firstLine = number
            logical.sourceEnd = read.endIndex
            var isContinued = append(line, to: &logical)
            while isContinued, let (number, next) = nextContent() {
                let content = next.trimmingLeadingBlanks
                if content.first == UInt8(ascii: "#") { continue }
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

    private mutating func nextContent() -> (number: Int, ArraySlice<UInt8>)? {
        guard nextLine <= source.lineCount else { return nil }
        defer { nextLine += 1 }
        var line = source.line(nextLine)
        if nextLine == 1, line.starts(with: Self.byteOrderMark) { line = line.dropFirst(Self.byteOrderMark.count) }
        return (nextLine, line)
    }

    /// Appends the line without its continuation; whether it had one.
    private func append(_ line: ArraySlice<UInt8>, to logical: inout LogicalLine) -> Bool {
        var end = line.endIndex
        while end > line.startIndex, line[end - 1] == 0x20 || line[end - 1] == 0x09 { end -= 1 }
        let escape = directives.escape
        // An escaped escape character continues nothing.
        guard end > line.startIndex, line[end - 1] == escape,
            end - 1 == line.startIndex || line[end - 2] != escape
        else {
            logical.append(line)
            return false
        }
        logical.append(line[..<(end - 1)])
        return true
    }
}
