import SourceDiagnostics

/// One instruction's text: its lines joined at their continuations, with a way back to where each byte was written.
struct LogicalLine {
    /// The joined bytes, blanks at the end included.
    private(set) var text: [UInt8] = []
    /// Where the pieces of the text came from: offset in the text, offset in the source.
    private var pieces: [(text: Int, source: Int)] = []
    /// The number of the first line, counted from 1.
    var firstLine = 1
    /// The numbers of the blank lines between the continued ones.
    var blankLines: [Int] = []
    /// The numbers of the comment lines directly above.
    var comments: Range<Int> = 0..<0
    /// The comment lines between the continued ones: the length of the text before them, and their number.
    var innerComments: [(text: Int, line: Int)] = []
    /// The source offset just behind the last line, its line end not counted.
    var sourceEnd = 0

    mutating func append(_ piece: ArraySlice<UInt8>) {
        pieces.append((text.count, piece.startIndex))
        text.append(contentsOf: piece)
    }

    /// The source offset of the byte at `offset` of the text.
    func sourceOffset(_ offset: Int) -> Int {
        var low = 0
        var high = pieces.count
        guard high > 0 else { return sourceEnd }
        while high - low > 1 {
            let middle = (low + high) / 2
            if pieces[middle].text <= offset { low = middle } else { high = middle }
        }
        return pieces[low].source + max(0, offset - pieces[low].text)
    }

    /// The place in the source of a part of the text.
    func range(_ part: Range<Int>, in source: SourceText) -> SourceRange {
        // The end belongs to the last byte, which may stand on an earlier line than the byte that follows it.
        let end = part.isEmpty ? sourceOffset(part.lowerBound) : sourceOffset(part.upperBound - 1) + 1
        return source.range(sourceOffset(part.lowerBound)..<max(end, sourceOffset(part.lowerBound)))
    }
}
