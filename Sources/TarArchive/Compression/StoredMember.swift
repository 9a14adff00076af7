import CDeflate

/// A gzip member whose content stands in it as it is.
///
/// Source: RFC 1952, section 2.3, and RFC 1951, section 3.2.4.
enum StoredMember {
    /// As libdeflate writes it at its fastest level: no name, no time, no system.
    private static let header: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 4, 255]
    private static let trailerSize = 8
    private static let blockHeaderSize = 5

    /// The most bytes a block can say that it has.
    private static let blockSize = 0xFFFF

    /// The number of bytes written, or zero when there is no room.
    static func write(_ content: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> Int {
        let blocks = max(1, (content.count + blockSize - 1) / blockSize)
        let size = header.count + blocks * blockHeaderSize + content.count + trailerSize
        guard output.count >= size else { return 0 }
        output.copyBytes(from: header)
        var offset = header.count
        func put(_ bytes: UnsafeRawBufferPointer) {
            UnsafeMutableRawBufferPointer(rebasing: output[offset...]).copyMemory(from: bytes)
            offset += bytes.count
        }
        func put(_ number: some FixedWidthInteger) {
            withUnsafeBytes(of: number.littleEndian) { put($0) }
        }
        for block in 0..<blocks {
            let part = content[(block * blockSize)...].prefix(blockSize)
            put(UInt8(block == blocks - 1 ? 1 : 0))
            put(UInt16(part.count))
            put(~UInt16(part.count))
            put(UnsafeRawBufferPointer(rebasing: part))
        }
        put(UInt32(libdeflate_crc32(0, content.baseAddress, content.count)))
        put(UInt32(truncatingIfNeeded: content.count))
        return size
    }
}
