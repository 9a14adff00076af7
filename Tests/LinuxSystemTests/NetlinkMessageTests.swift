import ByteStrings
import SystemPackage
import Testing

@testable import LinuxSystem

/// Messages as bytes, as a little-endian processor has them.
@Suite(.enabled(if: isLittleEndian, "the expected bytes are those of a little-endian processor"))
struct NetlinkMessageTests {
    @Test func `a message is its length, type, flags, number and attributes`() throws {
        var message = NetlinkMessage(type: 16, flags: [.create, .exclusive, .acknowledge], header: [1, 2, 3, 4])
        message.attributes.append(3, text: "lo")
        message.attributes.append(18) { $0.append(1, text: "veth") }
        message.attributes.append(4, UInt32(1400))
        message.attributes.append(5, bigEndian: UInt32(1))
        #expect(
            try message.encoded(sequence: 7) == [
                60, 0, 0, 0, 16, 0, 5, 6, 7, 0, 0, 0, 0, 0, 0, 0,
                1, 2, 3, 4,
                7, 0, 3, 0, 0x6C, 0x6F, 0, 0,
                16, 0, 18, 0x80, 9, 0, 1, 0, 0x76, 0x65, 0x74, 0x68, 0, 0, 0, 0,
                8, 0, 4, 0, 0x78, 5, 0, 0,
                8, 0, 5, 0, 0, 0, 0, 1,
            ]
        )
    }

    @Test func `the longest attribute fits and one more byte does not`() throws {
        var message = NetlinkMessage(type: 16, header: [])
        message.attributes.append(1, bytes: [UInt8](repeating: 1, count: 65531))
        #expect(try message.encoded(sequence: 0).prefix(20).suffix(4) == [0xFF, 0xFF, 1, 0])
        message.attributes.append(1, bytes: [UInt8](repeating: 1, count: 65532))
        #expect(throws: SystemError.self) { try message.encoded(sequence: 0) }
    }

    @Test func `attributes that are too long inside another are not cut off`() {
        var message = NetlinkMessage(type: 16, header: [])
        message.attributes.append(1) { $0.append(2, bytes: [UInt8](repeating: 1, count: 65530)) }
        #expect { try message.encoded(sequence: 0) } throws: { ($0 as? SystemError)?.errno == .messageTooLong }
    }

    @Test func `a message of more than a mebibyte is refused`() {
        var message = NetlinkMessage(type: 16, header: [])
        for _ in 0..<17 { message.attributes.append(1, bytes: [UInt8](repeating: 1, count: 65000)) }
        #expect { try message.encoded(sequence: 0) } throws: { ($0 as? SystemError)?.errno == .messageTooLong }
    }

    @Test func `attributes are read back by type, nested ones too`() {
        var attributes = NetlinkAttributes()
        attributes.append(3, text: "eth0")
        attributes.append(4, UInt32(1500))
        attributes.append(9, bigEndian: UInt32(2))
        attributes.append(18) { $0.append(1, text: "veth") }
        let fields = NetlinkFields(attributes.bytes[...])
        #expect(fields.text(3) == "eth0")
        #expect(fields.integer(4) == 1500)
        #expect(fields.bigEndian(9) == 2)
        #expect(fields.nested(18).text(1) == "veth")
        #expect(fields[5] == nil)
        #expect(fields.nested(5).text(1) == nil)
    }

    @Test(
        arguments: [
            [], [1], [4, 0, 1], [3, 0, 1, 0], [0, 0, 0, 0], [9, 0, 1, 0, 1, 2, 3, 4], [255, 255, 1, 0, 0],
        ] as [[UInt8]]
    )
    func `bytes that are no attribute are none`(bytes: [UInt8]) {
        #expect(NetlinkFields(bytes[...])[1] == nil)
    }

    @Test(
        arguments: [
            [], [16, 0, 0, 0], [17, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0],
            [15, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0],
            [0xFF, 0xFF, 0xFF, 0xFF, 2, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0],
        ] as [[UInt8]]
    )
    func `bytes that are no message are none`(bytes: [UInt8]) {
        #expect(NetlinkReply.split(bytes[...]).isEmpty)
    }

    @Test func `a failure tells its number and the words of the kernel`() {
        let words = Array("Unknown device type".utf8) + [0]
        var attributes = NetlinkAttributes()
        attributes.append(1, bytes: words)
        let request: [UInt8] = [32, 0, 0, 0, 16, 0, 5, 6, 9, 0, 0, 0, 0, 0, 0, 0]
        let error: [UInt8] = [0xA1, 0xFF, 0xFF, 0xFF]
        for (flags, original) in [(UInt8(3), [UInt8]()), (2, [UInt8](repeating: 0xEE, count: 16))] {
            let body = error + request + original + attributes.bytes
            let header: [UInt8] = [UInt8(16 + body.count), 0, 0, 0, 2, 0, 0, flags, 9, 0, 0, 0, 0, 0, 0, 0]
            let reply = NetlinkReply.split((header + body)[...]).first
            #expect(reply?.sequence == 9)
            #expect(reply?.outcome == .notSupported)
            #expect(reply?.explanation == "Unknown device type")
        }
    }

    @Test func `the smallest number for a failure does not trap`() {
        let bytes: [UInt8] = [20, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80]
        #expect(NetlinkReply.split(bytes[...]).first?.outcome == Errno(rawValue: .max))
    }
}

private let isLittleEndian = UInt16(1).littleEndian == 1
