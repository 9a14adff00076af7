import ByteStrings

/// A compiled pattern that is matched in time proportional to the length of the pattern times that of the name.
struct PatternProgram: Hashable, Sendable {
    private let pieces: [PatternPiece]

    init(_ pieces: [PatternPiece]) {
        self.pieces = pieces
    }

    /// Whether the pattern matches all of `text`.
    func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        if case .literal(let bytes)? = pieces.last, !Self.hasSuffix(text, bytes) { return false }
        if case .literal(let bytes)? = pieces.first, !Self.hasPrefix(text, bytes, at: 0) { return false }
        switch pieces.count {
        case 0:
            return text.isEmpty
        case 1:
            if case .literal(let bytes) = pieces[0] { return bytes.count == text.count }
            if case .anything = pieces[0] { return true }
        case 2:
            if case .anything = pieces[0], case .literal = pieces[1] { return true }
            if case .literal = pieces[0], case .anything = pieces[1] { return true }
            if case .anyFolders = pieces[0], case .literal(let bytes) = pieces[1] {
                return text.count == bytes.count || text[text.count - bytes.count - 1] == ByteString.slash
            }
        default:
            break
        }
        return run(text, isPrefix: false)
    }

    /// Whether the pattern can match a text that starts with `text` and is longer.
    func canMatch(startingWith text: UnsafeBufferPointer<UInt8>) -> Bool {
        run(text, isPrefix: true)
    }

    /// Carries the set of offsets up to which the pieces so far can have matched from piece to piece.
    private func run(_ text: UnsafeBufferPointer<UInt8>, isPrefix: Bool) -> Bool {
        let count = text.count + 1
        return withUnsafeTemporaryAllocation(of: Bool.self, capacity: 2 * count) { memory in
            memory.initialize(repeating: false)
            var reached = UnsafeMutableBufferPointer(rebasing: memory[..<count])
            var next = UnsafeMutableBufferPointer(rebasing: memory[count...])
            reached[0] = true
            for piece in pieces {
                if isPrefix, reached[text.count] || Self.mayGrow(piece, text, reached) { return true }
                next.update(repeating: false)
                guard Self.step(piece, text, from: reached, to: next) else { return false }
                swap(&reached, &next)
            }
            return !isPrefix && reached[text.count]
        }
    }

    /// Whether a piece can go on past the end of the text without ending there.
    private static func mayGrow(
        _ piece: PatternPiece,
        _ text: UnsafeBufferPointer<UInt8>,
        _ reached: UnsafeMutableBufferPointer<Bool>
    ) -> Bool {
        switch piece {
        case .anything, .anyFolders:
            return true
        case .literal(let bytes):
            return reached.indices.contains { start in
                reached[start] && text.count - start < bytes.count
                    && text[start...].elementsEqual(bytes[..<(text.count - start)])
            }
        case .anyCharacter, .oneOf, .anyName:
            return false
        }
    }

    /// Computes the offsets after `piece`; false when there are none.
    private static func step(
        _ piece: PatternPiece,
        _ text: UnsafeBufferPointer<UInt8>,
        from reached: UnsafeMutableBufferPointer<Bool>,
        to next: UnsafeMutableBufferPointer<Bool>
    ) -> Bool {
        var found = false
        // Whether a piece that takes many bytes has begun at or before the offset.
        var isOpen = false
        for offset in reached.indices {
            let starts = reached[offset]
            switch piece {
            case .literal(let bytes):
                guard starts, hasPrefix(text, bytes, at: offset) else { continue }
                next[offset + bytes.count] = true
                found = true
            case .anyCharacter, .oneOf:
                guard starts, offset < text.count, text[offset] != ByteString.slash else { continue }
                let character = PatternCharacter(in: text, at: offset)
                if case .oneOf(let set) = piece, !set.contains(character.value) { continue }
                next[offset + character.width] = true
                found = true
            case .anyName:
                isOpen = starts || isOpen && text[offset - 1] != ByteString.slash
                next[offset] = isOpen
                found = found || isOpen
            case .anyFolders:
                next[offset] = starts || isOpen && text[offset - 1] == ByteString.slash
                isOpen = isOpen || starts
                found = found || isOpen
            case .anything:
                isOpen = isOpen || starts
                next[offset] = isOpen
                found = found || isOpen
            }
        }
        return found
    }

    private static func hasPrefix(_ text: UnsafeBufferPointer<UInt8>, _ bytes: [UInt8], at offset: Int) -> Bool {
        guard text.count - offset >= bytes.count else { return false }
        return text[offset..<(offset + bytes.count)].elementsEqual(bytes)
    }

    private static func hasSuffix(_ text: UnsafeBufferPointer<UInt8>, _ bytes: [UInt8]) -> Bool {
        text.count >= bytes.count && hasPrefix(text, bytes, at: text.count - bytes.count)
    }
}
