package import ByteStrings

/// Attributes of a netlink message while they are put together.
///
/// Each is its length (16 bits), its type (16 bits) and its bytes, filled up to a multiple of four. Integers are in the
/// order of the processor unless said otherwise. What is longer than its length can tell makes the whole unusable,
/// which sending reports. Source: `netlink(7)`.
package struct NetlinkAttributes: Hashable, Sendable {
    private(set) var bytes: [UInt8] = []

    /// Whether something did not fit.
    private(set) var isTooLong = false

    private static let headerSize = 4

    /// Says that attributes are inside.
    private static let nestedBit: UInt16 = 0x8000

    package init() {}

    /// Adds bytes as they are, for a header that stands before attributes; fill it up to a multiple of four.
    package mutating func appendHeader(_ header: [UInt8]) {
        bytes += header
        pad()
    }

    /// Adds an attribute of these bytes.
    package mutating func append(_ type: UInt16, bytes value: [UInt8]) {
        guard let length = UInt16(exactly: value.count + Self.headerSize) else {
            isTooLong = true
            return
        }
        withUnsafeBytes(of: length) { bytes += $0 }
        withUnsafeBytes(of: type) { bytes += $0 }
        bytes += value
        pad()
    }

    /// Adds an attribute without bytes.
    package mutating func append(flag type: UInt16) {
        append(type, bytes: [])
    }

    /// Adds a name or text, a NUL behind it.
    package mutating func append(_ type: UInt16, text: ByteString) {
        append(type, bytes: text.bytes + [0])
    }

    /// Adds an integer in the order of the processor.
    package mutating func append(_ type: UInt16, _ integer: some FixedWidthInteger) {
        append(type, bytes: withUnsafeBytes(of: integer) { Array($0) })
    }

    /// Adds an integer with its most significant byte first, as netfilter wants them.
    package mutating func append(_ type: UInt16, bigEndian integer: some FixedWidthInteger) {
        append(type, integer.bigEndian)
    }

    /// Adds an attribute that holds those that `body` adds.
    package mutating func append(_ type: UInt16, nesting body: (inout NetlinkAttributes) -> Void) {
        var nested = NetlinkAttributes()
        body(&nested)
        isTooLong = isTooLong || nested.isTooLong
        append(type | Self.nestedBit, bytes: nested.bytes)
    }

    private mutating func pad() {
        while bytes.count % 4 != 0 { bytes.append(0) }
    }
}
