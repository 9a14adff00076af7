import ByteStrings

extension ByteString {
    /// The shortest path that means the same by text alone, as Go's `filepath.Clean` gives it; `.` for the empty path.
    var lexicallyCleaned: ByteString {
        if isAbsolutePath { return lexicallyCleanedAbsolute }
        var kept: [ByteString] = []
        for component in pathComponents {
            if component == "..", let last = kept.last, last != ".." {
                kept.removeLast()
            } else {
                kept.append(component)
            }
        }
        return kept.isEmpty ? "." : kept.joinedAsPath
    }
}

extension BidirectionalCollection<UInt8> {
    /// The bytes without ASCII blanks, line ends and no-break spaces at both ends.
    var trimmingBlanks: [UInt8] {
        var rest = self[...]
        while let width = Self.blankWidth(at: rest) { rest = rest.dropFirst(width) }
        while let width = Self.blankWidth(before: rest) { rest = rest.dropLast(width) }
        return Array(rest)
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || (9...13).contains(byte)
    }

    private static func isWide(_ first: UInt8, _ second: UInt8) -> Bool {
        first == 0xC2 && (second == 0x85 || second == 0xA0)
    }

    private static func blankWidth(at bytes: SubSequence) -> Int? {
        guard let first = bytes.first else { return nil }
        if isBlank(first) { return 1 }
        guard let second = bytes.dropFirst().first else { return nil }
        return isWide(first, second) ? 2 : nil
    }

    private static func blankWidth(before bytes: SubSequence) -> Int? {
        guard let last = bytes.last else { return nil }
        if isBlank(last) { return 1 }
        guard let previous = bytes.dropLast().last else { return nil }
        return isWide(previous, last) ? 2 : nil
    }
}
