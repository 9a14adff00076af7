import ByteStrings

/// Writes values as bytes so that different values never give equal bytes: every string and list has its length in front.
struct CanonicalEncoder {
    private(set) var bytes: [UInt8]

    /// Starts with the version of the encoding, so that a change of it changes every key.
    init(version: UInt8) {
        bytes = [version]
    }

    mutating func append(_ value: Bool) {
        bytes.append(value ? 1 : 0)
    }

    mutating func append(_ value: UInt64) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func append(_ value: ByteString) {
        append(UInt64(value.count))
        bytes.append(contentsOf: value.bytes)
    }

    mutating func append(_ value: String) {
        append(ByteString(value))
    }

    mutating func append(_ value: ByteString?) {
        append(value != nil)
        if let value { append(value) }
    }

    mutating func append<Element>(_ values: [Element], each: (Element, inout CanonicalEncoder) -> Void) {
        append(UInt64(values.count))
        for value in values { each(value, &self) }
    }

    mutating func append(_ values: [ByteString]) {
        append(values) { $1.append($0) }
    }
}
