/// What a piece of content is, as far as compressing it goes.
enum ContentPiece: Hashable, Sendable {
    /// Nothing but zero bytes.
    case zeros

    /// No byte is more likely than another and nothing comes twice: compressed or encrypted already, or noise.
    case noise

    /// Everything else.
    case ordinary

    /// How many bytes are looked at as one; fewer than that are always ordinary.
    static let size = 1 << 16

    /// Tells what a piece is, by its bytes alone and with whole numbers only, so that every machine says the same.
    init(_ bytes: UnsafeRawBufferPointer) {
        if bytes.count < Self.size {
            self = .ordinary
        } else if Self.isZero(bytes) {
            self = .zeros
        } else {
            self = Self.isEven(bytes) && !Self.repeats(bytes) ? .noise : .ordinary
        }
    }

    private static func isZero(_ bytes: UnsafeRawBufferPointer) -> Bool {
        for offset in stride(from: 0, to: bytes.count, by: 32) {
            var word: UInt64 = 0
            for part in stride(from: offset, to: offset + 32, by: 8) {
                word |= bytes.loadUnaligned(fromByteOffset: part, as: UInt64.self)
            }
            if word != 0 { return false }
        }
        return true
    }

    /// Whether all bytes are about equally frequent, in a quarter of the piece; most others are found out sooner.
    ///
    /// The sum is the chi-squared statistic times the expected count. Noise has 255, and with the bound of 1,500 a byte
    /// carries at least 7.93 bits, so at most 1 % is lost.
    private static func isEven(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let (runs, runSize) = (4, size / 16)
        return withUnsafeTemporaryAllocation(of: Int32.self, capacity: 256) { counts in
            counts.initialize(repeating: 0)
            for run in 1...runs {
                let start = (run - 1) * size / runs
                for offset in start..<(start + runSize) { counts[Int(bytes[offset])] &+= 1 }
                let expected = run * runSize / 256
                var sum = 0
                for count in counts {
                    let difference = Int(count) - expected
                    sum += difference * difference
                }
                if sum > 1500 * expected { return false }
            }
            return true
        }
    }

    /// Whether the end of the piece stands in it before.
    private static func repeats(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let (step, tail) = (16, 2048)
        func word(_ offset: Int) -> UInt32 { bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self) }
        func slot(_ word: UInt32) -> Int { Int((word &* 0x9E37_79B1) >> 20) }
        return withUnsafeTemporaryAllocation(of: UInt16.self, capacity: 1 << 12) { places in
            places.initialize(repeating: 0)
            for offset in stride(from: 0, to: size - tail, by: step) { places[slot(word(offset))] = UInt16(offset) }
            var matches = 0
            for offset in (size - tail)..<(size - 4) {
                let value = word(offset)
                if word(Int(places[slot(value)])) == value { matches += 1 }
            }
            // Of noise not one in a million pieces has a match.
            return matches >= 8
        }
    }
}
