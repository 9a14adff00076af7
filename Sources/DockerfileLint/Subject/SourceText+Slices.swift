import ByteStrings
import SourceDiagnostics

extension SourceText {
    /// The bytes of a range, with the indices they have in the whole text.
    func slice(_ range: SourceRange) -> ArraySlice<UInt8> {
        let start = offset(of: range.start)
        return bytes[start..<max(start, offset(of: range.end))]
    }

    /// The text of a range as it is written.
    func text(of range: SourceRange) -> ByteString {
        ByteString(slice(range))
    }

    private func offset(of location: SourceLocation) -> Int {
        let line = lineWithEnd(location.line)
        guard location.line <= lineCount else { return bytes.count }
        return min(bytes.count, line.startIndex + max(0, location.column - 1))
    }
}
