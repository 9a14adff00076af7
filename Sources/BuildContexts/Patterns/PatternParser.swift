import ByteStrings

/// A pattern that breaks the rules: an open bracket, an empty set, a backslash at the end.
struct PatternSyntaxError: Error {}

/// Reads patterns in the grammar of Go's `filepath.Match`, optionally with `**`.
///
/// A set is negated by `^` alone; inside it `-` and `]` must be escaped by a backslash.
struct PatternParser {
    private let text: [UInt8]
    private let hasDoubleStars: Bool
    private var offset = 0
    private var pieces: [PatternPiece] = []

    /// Compiles `text`; `doubleStars` gives `**` the meaning it has in ignore files.
    static func parse(_ text: ByteString, doubleStars: Bool) throws(PatternSyntaxError) -> [PatternPiece] {
        var parser = PatternParser(text: text.bytes, hasDoubleStars: doubleStars)
        while let byte = parser.next() {
            try parser.parsePiece(byte)
        }
        return parser.pieces
    }

    private init(text: [UInt8], hasDoubleStars: Bool) {
        self.text = text
        self.hasDoubleStars = hasDoubleStars
    }

    private var peek: UInt8? { offset < text.count ? text[offset] : nil }

    private mutating func next() -> UInt8? {
        guard let byte = peek else { return nil }
        offset += 1
        return byte
    }

    private mutating func skip(_ byte: UInt8) -> Bool {
        guard peek == byte else { return false }
        offset += 1
        return true
    }

    private mutating func parsePiece(_ byte: UInt8) throws(PatternSyntaxError) {
        switch byte {
        case UInt8(ascii: "*"):
            if hasDoubleStars, skip(UInt8(ascii: "*")) {
                _ = skip(ByteString.slash)
                append(peek == nil ? .anything : .anyFolders)
            } else {
                append(.anyName)
            }
        case UInt8(ascii: "?"):
            append(.anyCharacter)
        case UInt8(ascii: "["):
            append(.oneOf(try parseSet()))
        case UInt8(ascii: "\\"):
            guard let escaped = next() else { throw PatternSyntaxError() }
            append(.literal([escaped]))
        default:
            append(.literal([byte]))
        }
    }

    /// Adds a piece; equal wildcards in a row say no more than one of them.
    private mutating func append(_ piece: PatternPiece) {
        switch (pieces.last, piece) {
        case (.literal(let before), .literal(let new)):
            pieces[pieces.count - 1] = .literal(before + new)
        case (.anyName, .anyName), (.anyFolders, .anyFolders):
            break
        default:
            pieces.append(piece)
        }
    }

    private mutating func parseSet() throws(PatternSyntaxError) -> CharacterSet {
        var set = CharacterSet()
        set.isNegated = skip(UInt8(ascii: "^"))
        while set.ranges.isEmpty || !skip(UInt8(ascii: "]")) {
            let low = try parseSetCharacter()
            let high = skip(UInt8(ascii: "-")) ? try parseSetCharacter() : low
            // An inverted range is no error and holds nothing; no character has this value.
            set.ranges.append(low <= high ? low...high : UInt32.max...UInt32.max)
        }
        return set
    }

    private mutating func parseSetCharacter() throws(PatternSyntaxError) -> UInt32 {
        if peek == UInt8(ascii: "-") || peek == UInt8(ascii: "]") { throw PatternSyntaxError() }
        _ = skip(UInt8(ascii: "\\"))
        guard peek != nil else { throw PatternSyntaxError() }
        let character = text.withUnsafeBufferPointer { PatternCharacter(in: $0, at: offset) }
        offset += character.width
        return character.value
    }
}
