import ByteStrings
import DockerfileSyntax
import SourceDiagnostics

/// Where the variables of one instruction are used first, found in its text when first asked.
struct VariablePlaces {
    private var places: [ByteString: SourceRange]?

    /// The place of `$name` or `${name…` in the instruction that `range` is of, or `fallback`.
    mutating func place(
        of name: ByteString,
        in range: SourceRange,
        of subject: LintSubject,
        orElse fallback: SourceRange
    ) -> SourceRange {
        if places == nil { places = Self.read(range, subject) }
        return places?[name] ?? fallback
    }

    private static func read(_ range: SourceRange, _ subject: LintSubject) -> [ByteString: SourceRange] {
        let text = subject.source.slice(range)
        var places: [ByteString: SourceRange] = [:]
        // Documents have lines that only look like comments.
        let hasComments = !ByteString(text).contains("<<")
        var index = text.startIndex
        var isAtLineStart = false
        while index < text.endIndex {
            let byte = text[index]
            if isAtLineStart, hasComments, byte == UInt8(ascii: "#") {
                index = text[index...].firstIndex(of: UInt8(ascii: "\n")) ?? text.endIndex
                continue
            }
            let isBlank = byte == 0x20 || byte == 0x09
            isAtLineStart = byte == UInt8(ascii: "\n") || (isAtLineStart && isBlank)
            if byte == subject.dockerfile.escape, index + 1 < text.endIndex, text[index + 1] != UInt8(ascii: "\n") {
                index += 2
                continue
            }
            guard byte == UInt8(ascii: "$") else {
                index += 1
                continue
            }
            let start = index
            index += 1
            let isBraced = index < text.endIndex && text[index] == UInt8(ascii: "{")
            if isBraced { index += 1 }
            let nameStart = index
            while index < text.endIndex, isNameByte(text[index]) { index += 1 }
            let name = ByteString(text[nameStart..<index])
            guard !name.isEmpty, places[name] == nil else { continue }
            let isClosed = isBraced && index < text.endIndex && text[index] == UInt8(ascii: "}")
            places[name] = subject.source.range(start..<(isClosed ? index + 1 : index))
        }
        return places
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        let lower = byte | 0x20
        return (lower >= 0x61 && lower <= 0x7A) || byte == UInt8(ascii: "_") || byte >= 0x80
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
