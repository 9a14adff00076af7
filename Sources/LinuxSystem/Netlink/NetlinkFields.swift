package import ByteStrings

/// The attributes of a message from the kernel, by their types.
///
/// Of two with one type the first counts, and bytes that are no attribute end the list.
package struct NetlinkFields: Hashable, Sendable {
    private var values: [(type: UInt16, bytes: ArraySlice<UInt8>)] = []

    /// Without the bits that say how the bytes are to be read.
    private static let typeMask: UInt16 = 0x3FFF

    package init(_ bytes: ArraySlice<UInt8>) {
        var rest = bytes
        while let length = rest.integer(at: 0, as: UInt16.self), let type = rest.integer(at: 2, as: UInt16.self) {
            guard length >= 4, Int(length) <= rest.count else { return }
            values.append((type & Self.typeMask, rest.dropFirst(4).prefix(Int(length) - 4)))
            rest = rest.dropFirst((Int(length) + 3) & ~3)
        }
    }

    /// The bytes of an attribute, or nil when there is none.
    package subscript(_ type: UInt16) -> ArraySlice<UInt8>? {
        values.first { $0.type == type }?.bytes
    }

    /// An integer in the order of the processor, or nil.
    package func integer(_ type: UInt16) -> UInt32? {
        self[type]?.integer(at: 0, as: UInt32.self)
    }

    /// An integer with its most significant byte first, or nil.
    package func bigEndian(_ type: UInt16) -> UInt32? {
        self[type]?.integer(at: 0, as: UInt32.self).map { UInt32(bigEndian: $0) }
    }

    /// Bytes up to the first NUL, or nil.
    package func text(_ type: UInt16) -> ByteString? {
        self[type].map { ByteString($0.prefix { $0 != 0 }) }
    }

    /// The attributes inside an attribute; none when there is none.
    package func nested(_ type: UInt16) -> NetlinkFields {
        NetlinkFields(self[type] ?? [])
    }

    package static func == (left: NetlinkFields, right: NetlinkFields) -> Bool {
        left.values.elementsEqual(right.values) { $0.type == $1.type && $0.bytes == $1.bytes }
    }

    package func hash(into hasher: inout Hasher) {
        for value in values {
            hasher.combine(value.type)
            hasher.combine(value.bytes)
        }
    }
}

extension ArraySlice<UInt8> {
    /// The integer at so many bytes from the start, in the order of the processor; nil when there are too few bytes.
    package func integer<Integer: FixedWidthInteger>(at offset: Int, as type: Integer.Type) -> Integer?
    where Integer: BitwiseCopyable {
        let size = MemoryLayout<Integer>.size
        guard offset >= 0, offset <= count - size else { return nil }
        return dropFirst(offset).prefix(size).withUnsafeBytes { $0.loadUnaligned(as: Integer.self) }
    }
}
