import ByteStrings
import SystemPackage
import Synchronization
import Testing

@testable import LinuxSystem

struct NetlinkSocketTests {
    private static let getLink: UInt16 = 18
    private static let nameAttribute: UInt16 = 3

    private static func links() -> NetlinkMessage {
        NetlinkMessage(type: getLink, flags: .dump, header: [UInt8](repeating: 0, count: 16))
    }

    private static func link(_ name: ByteString) -> NetlinkMessage {
        var message = NetlinkMessage(type: getLink, flags: .acknowledge, header: [UInt8](repeating: 0, count: 16))
        message.attributes.append(nameAttribute, text: name)
        return message
    }

    @Test func `interfaces are listed with loopback among them`() throws {
        let socket = try NetlinkSocket(.route)
        let names = try socket.list(Self.links(), to: "list") { $0.fields(after: 16).text(Self.nameAttribute) }
        #expect(names.contains("lo"))
    }

    @Test func `a failure is told and the socket still works`() throws {
        let socket = try NetlinkSocket(.route)
        #expect { try socket.send([Self.link("no-such-link")], to: "look") } throws: {
            ($0 as? NetlinkError)?.errno == .operationNotSupportedByDevice
        }
        let found = try socket.list(Self.link("lo"), to: "look") { $0.fields(after: 16).text(Self.nameAttribute) }
        #expect(found == ["lo"])
    }

    @Test func `the first failure of several requests is told`() throws {
        let socket = try NetlinkSocket(.route)
        let unknown = NetlinkMessage(type: 0x7FFF, flags: .acknowledge, header: [0, 0, 0, 0])
        #expect { try socket.send([Self.link("lo"), unknown, Self.link("no-such-link")], to: "try") } throws: {
            ($0 as? NetlinkError)?.errno == .notSupported
        }
        try socket.send([Self.link("lo")], to: "look")
    }

    @Test func `sockets are not inherited by programs`() throws {
        // Only its own: other tests of the process open and close descriptors at the same time.
        let socket = try NetlinkSocket(.route)
        let path = ByteString("/proc/self/fdinfo/\(socket.descriptor.rawValue)")
        let text = try OwnedDescriptor.openFile(path, .readOnly).readAll(limit: 4096)
        let line = text.split(separator: UInt8(ascii: "\n")).first { $0.starts(with: "flags:".utf8) }
        let digits = String(decoding: line?.split(separator: UInt8(ascii: "\t")).last ?? [], as: UTF8.self)
        #expect((Int(digits, radix: 8) ?? 0) & 0o2000000 != 0)
        withExtendedLifetime(socket) {}
    }

    @Test func `an abstract name has one owner at a time`() throws {
        let name = ByteString("slipway-test-\(try RandomBytes.hex(count: 8))")
        let isTakenMeanwhile = try whileClaimed(name) { try !whileClaimed(name) { true } }
        #expect(isTakenMeanwhile)
        #expect(try whileClaimed(name) { true })
    }

    /// What `body` gives while the name is ours; false when somebody else has it.
    private func whileClaimed(_ name: ByteString, _ body: () throws -> Bool) throws -> Bool {
        guard let claim = try AbstractName.claim(name) else { return false }
        defer { withExtendedLifetime(claim) {} }
        return try body()
    }

    @Test(arguments: [ByteString(""), ByteString([UInt8](repeating: 0x61, count: 108))])
    func `a name that the kernel cannot hold is refused`(name: ByteString) {
        #expect(throws: SystemError.self) { _ = try AbstractName.claim(name) }
    }

    @Test func `jobs of a thread are done in order and hand back what they throw`() throws {
        let thread = try NamespaceThread(name: "test")
        let order = Order()
        for number in 0..<100 { thread.post { order.numbers.withLock { $0.append(number) } } }
        #expect(try thread.run { () throws(SystemError) in order.numbers.withLock { $0 } } == Array(0..<100))
        #expect(throws: SystemError.self) {
            try thread.run { () throws(SystemError) -> Int in
                throw SystemError(operation: "fail", errno: .invalidArgument)
            }
        }
    }
}

private final class Order: Sendable {
    let numbers = Mutex<[Int]>([])
}
