import ByteStrings

/// The two sides of a `name=value` line that is a parser directive.
struct DirectiveParts {
    /// `syntax`, `escape` or `check`.
    let name: ByteString
    /// Not empty, and without blanks around it.
    let value: ArraySlice<UInt8>

    /// Splits what stands behind the comment sign; nil when it is no directive.
    init?(_ comment: ArraySlice<UInt8>) {
        let content = comment.trimmingLeadingBlanks
        var end = content.startIndex
        while end < content.endIndex, Self.isNameByte(content[end], first: end == content.startIndex) { end += 1 }
        // The longest name has six letters; a line of millions is none.
        guard end > content.startIndex, end - content.startIndex <= 6 else { return nil }
        let afterName = content[end...].trimmingLeadingBlanks
        guard afterName.first == UInt8(ascii: "=") else { return nil }
        value = afterName.dropFirst().trimmingBlanks
        name = ByteString(content[..<end].map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 })
        guard !value.isEmpty, name == "syntax" || name == "escape" || name == "check" else { return nil }
    }

    private static func isNameByte(_ byte: UInt8, first: Bool) -> Bool {
        let lower = byte | 0x20
        return (lower >= 0x61 && lower <= 0x7A) || (!first && GoLiteral.isDigit(byte))
    }
}
