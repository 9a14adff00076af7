/// A text that messages point into: its name, its bytes and where its lines begin.
package struct SourceText: Hashable, Sendable {
    /// What people call it, such as `Dockerfile`.
    package let name: String
    package let bytes: [UInt8]
    /// The offset of the first byte of every line; there is always one.
    private let lineStarts: [Int]

    /// The text; lines end at line feeds, and there is no limit on their length.
    package init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
        var starts = [0]
        bytes.withUnsafeBufferPointer { buffer in
            for index in 0..<buffer.count where buffer[index] == UInt8(ascii: "\n") { starts.append(index + 1) }
        }
        lineStarts = starts
    }

    /// How many lines there are; a line feed at the very end starts none of its own.
    package var lineCount: Int {
        bytes.last == UInt8(ascii: "\n") ? lineStarts.count - 1 : bytes.isEmpty ? 0 : lineStarts.count
    }

    /// The bytes of line `number`, counted from 1, without its line end; empty for a number that is no line.
    package func line(_ number: Int) -> ArraySlice<UInt8> {
        var bytes = lineWithEnd(number)
        if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        while bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        return bytes
    }

    /// The bytes of line `number`, counted from 1, with its line end if it has one; empty for a number that is no line.
    package func lineWithEnd(_ number: Int) -> ArraySlice<UInt8> {
        guard number >= 1, number <= lineStarts.count else { return [] }
        let end = number < lineStarts.count ? lineStarts[number] : bytes.count
        return bytes[lineStarts[number - 1]..<end]
    }

    /// Where the byte at `offset` stands; offsets outside the text mean its nearest end.
    package func location(atOffset offset: Int) -> SourceLocation {
        let offset = min(max(offset, 0), bytes.count)
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        return SourceLocation(line: low + 1, column: offset - lineStarts[low] + 1)
    }

    /// The offset of a place; places outside the text, or behind the end of their line, mean the nearest offset.
    package func offset(of location: SourceLocation) -> Int {
        if location.line < 1 { return 0 }
        guard location.line <= lineStarts.count else { return bytes.count }
        let start = lineStarts[location.line - 1]
        let next = location.line < lineStarts.count ? lineStarts[location.line] : bytes.count
        return start + min(max(1, location.column) - 1, next - start)
    }

    /// The range of a part of the text given by byte offsets.
    package func range(_ offsets: Range<Int>) -> SourceRange {
        SourceRange(location(atOffset: offsets.lowerBound), location(atOffset: offsets.upperBound))
    }
}
