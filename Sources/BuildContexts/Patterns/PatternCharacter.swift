/// One character of a name: a Unicode scalar, or a byte that is part of none.
struct PatternCharacter {
    /// The scalar's value; for a byte that is no UTF-8, 0x110000 and the byte, so that it equals no scalar.
    var value: UInt32

    /// In bytes, from 1 to 4.
    var width: Int

    /// Decodes the character that starts at `offset`, which must be inside `bytes`.
    init(in bytes: UnsafeBufferPointer<UInt8>, at offset: Int) {
        let first = bytes[offset]
        let (width, smallest): (Int, UInt32) =
            switch first {
            case 0..<0x80: (1, 0)
            case 0xC2..<0xE0: (2, 0x80)
            case 0xE0..<0xF0: (3, 0x800)
            case 0xF0..<0xF5: (4, 0x10000)
            default: (0, 0)
            }
        self.width = 1
        value = UInt32(first)
        if width == 1 { return }
        value += 0x11_0000
        guard width > 1, offset + width <= bytes.count else { return }
        var scalar = UInt32(first) & (0x7F >> UInt32(width))
        for next in bytes[(offset + 1)..<(offset + width)] {
            guard next & 0xC0 == 0x80 else { return }
            scalar = scalar << 6 | UInt32(next & 0x3F)
        }
        guard scalar >= smallest, Unicode.Scalar(scalar) != nil else { return }
        value = scalar
        self.width = width
    }
}
