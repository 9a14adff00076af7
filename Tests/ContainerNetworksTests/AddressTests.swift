import ByteStrings
import Testing

@testable import ContainerNetworks

struct AddressTests {
    @Test(
        arguments: [
            ("0.0.0.0", 0), ("10.1.2.3", 0x0A01_0203), ("255.255.255.255", 0xFFFF_FFFF), ("192.168.0.1", 0xC0A8_0001),
        ] as [(ByteString, UInt32)]
    )
    func `addresses are read and written`(text: ByteString, number: UInt32) {
        #expect(IPv4Address(text)?.number == number)
        #expect(IPv4Address(number: number).description == text.description)
    }

    @Test(
        arguments: [
            "", "1.2.3", "1.2.3.4.5", "256.0.0.1", "1.2.3.", "1..2.3", "01.2.3.4", "1.2.3.4 ", "a.b.c.d", "::1",
            "1.2.3.0004", "-1.2.3.4",
        ] as [ByteString]
    )
    func `what is no address is refused`(text: ByteString) {
        #expect(IPv4Address(text) == nil)
    }

    @Test(arguments: [
        ("10.0.0.0/8", "10.1.0.0/16", true), ("10.1.0.0/16", "10.0.0.0/8", true),
        ("10.1.0.0/16", "10.2.0.0/16", false), ("0.0.0.0/0", "203.0.113.0/24", true),
        ("10.1.1.1/32", "10.1.1.0/24", true), ("10.1.2.1/32", "10.1.1.0/24", false),
    ])
    func `subnets overlap when one is inside the other`(first: String, second: String, expected: Bool) throws {
        #expect(try subnet(first).overlaps(subnet(second)) == expected)
    }

    @Test func `a subnet has a lowest, a highest and numbered addresses`() throws {
        let subnet = try subnet("10.1.2.77/24")
        #expect(subnet.description == "10.1.2.0/24")
        #expect(subnet.broadcast.description == "10.1.2.255")
        #expect(subnet.address(at: 1).description == "10.1.2.1")
        #expect(subnet.mask.description == "255.255.255.0")
    }
}

struct SubnetChoiceTests {
    @Test(arguments: [UInt32(0), 1, 65535, 65536, .max])
    func `the first candidates are in the largest pool, each once`(start: UInt32) throws {
        let found = SubnetChoice.candidates(avoiding: [], start: start)
        #expect(found.count == 64)
        #expect(Set(found).count == 64)
        let pool = try subnet("10.0.0.0/8")
        #expect(found.allSatisfy { $0.overlaps(pool) && $0.prefixLength == 24 })
    }

    @Test(arguments: [
        ["10.0.0.0/8"], ["10.0.0.0/9", "10.128.0.0/9"], ["10.0.0.0/8", "172.16.0.0/13"],
        ["10.0.0.0/8", "172.16.0.0/12"], ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/17"],
    ])
    func `what the host uses is left alone`(taken: [String]) throws {
        let taken = try taken.map(subnet)
        let found = SubnetChoice.candidates(avoiding: taken, start: 12345)
        #expect(found.count == 64)
        for candidate in found { #expect(!taken.contains { $0.overlaps(candidate) }) }
    }

    @Test func `nothing is left when everything is in use`() throws {
        let taken = try ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"].map(subnet)
        #expect(SubnetChoice.candidates(avoiding: taken, start: 0).isEmpty)
    }

    @Test func `routes to everywhere are not in the way`() throws {
        let taken = try ["0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1"].map(subnet)
        #expect(SubnetChoice.candidates(avoiding: taken, start: 0).count == 64)
    }
}

struct NetworkNameTests {
    @Test func `names follow from the subnet and fit an interface`() throws {
        let name = NetworkName(try subnet("10.203.7.0/24"))
        #expect(name.object == "slipway-0acb07")
        #expect(name.claim == "slipway-network-0acb07")
        #expect(name.object.count <= 15)
        #expect(NetworkName(object: name.object) == name)
    }

    @Test(
        arguments: [
            "slipway-", "slipway-0acb0", "slipway-0acb077", "slipway-0ACB07", "slipway-forwarding", "docker0", "",
            "slipwax-0acb07",
        ] as [ByteString]
    )
    func `names of others are not ours`(name: ByteString) {
        #expect(NetworkName(object: name) == nil)
    }
}

/// Reads an address, a slash and a number of bits.
func subnet(_ text: String) throws -> IPv4Subnet {
    let parts = text.split(separator: "/")
    let address = try #require(IPv4Address(ByteString(String(parts[0]))))
    return IPv4Subnet(address, prefixLength: try #require(UInt8(parts[1])))
}
