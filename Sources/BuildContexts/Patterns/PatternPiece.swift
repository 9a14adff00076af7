/// One element of a compiled pattern.
enum PatternPiece: Hashable, Sendable {
    /// These bytes.
    case literal([UInt8])

    /// `?`: one character that is not a slash.
    case anyCharacter

    /// `[…]`: one character of a set, never a slash.
    case oneOf(CharacterSet)

    /// `*`: any bytes, none of them a slash.
    case anyName

    /// `**/`: nothing, or any bytes that end in a slash.
    case anyFolders

    /// `**` at the end: any bytes.
    case anything
}

/// The characters between brackets in a pattern.
struct CharacterSet: Hashable, Sendable {
    var isNegated = false
    var ranges: [ClosedRange<UInt32>] = []

    func contains(_ character: UInt32) -> Bool {
        ranges.contains { $0.contains(character) } != isNegated
    }
}
