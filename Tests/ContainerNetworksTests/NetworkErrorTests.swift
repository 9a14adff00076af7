import ByteStrings
import LinuxSystem
import SystemPackage
import Testing

@testable import ContainerNetworks

struct NetworkErrorTests {
    @Test(arguments: [
        (Errno.notPermitted, NetworkError.notPermitted), (.permissionDenied, .notPermitted),
        (.notSupported, .unsupported("bridges")), (.noSuchFileOrDirectory, .unsupported("bridges")),
        (.protocolNotSupported, .unsupported("bridges")),
        (.noSpace, .netlink(NetlinkError(operation: "try", errno: .noSpace))),
    ])
    func `failures of the kernel get a meaning`(errno: Errno, expected: NetworkError) {
        #expect(NetworkError.from(NetlinkError(operation: "try", errno: errno), needing: "bridges") == expected)
    }

    @Test(arguments: [
        NetworkError.notPermitted, .unsupported("nf_tables"), .noFreeSubnet,
        .forwardingDisabled(path: "/proc/x", SystemError(operation: "write", errno: .readOnlyFileSystem)),
        .forwardingBlocked(table: "filter", chain: "FORWARD"),
        .netlink(NetlinkError(operation: "try", errno: .noSpace)),
    ])
    func `every failure names the way out`(error: NetworkError) {
        #expect(error.description.hasPrefix("cannot make a network for the build: "))
        #expect(error.description.hasSuffix("use `--network host` or `--network none`"))
    }
}

struct OlderFilterTableTests {
    /// A rule as the kernel lays it out: interface and its mask, then a verdict.
    private static func rule(input: String, mask: Int, verdict: Int32) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 152)
        for (index, byte) in input.utf8.enumerated() { bytes[16 + index] = byte }
        for index in 0..<mask { bytes[48 + index] = 0xFF }
        (bytes[88], bytes[90]) = (112, 152)
        bytes[112] = 40
        withUnsafeBytes(of: verdict.littleEndian) { bytes.replaceSubrange(144..<148, with: $0) }
        return bytes
    }

    private static let accept: Int32 = -2
    private static let drop: Int32 = -1

    @Test(
        arguments: [
            ([], accept, true), ([], drop, false),
            ([rule(input: "slipway-", mask: 8, verdict: accept)], drop, true),
            ([rule(input: "slipway-0acb07", mask: 15, verdict: accept)], drop, true),
            ([rule(input: "slipway-0acb08", mask: 15, verdict: accept)], drop, false),
            ([rule(input: "slipway-", mask: 8, verdict: drop)], drop, false),
            ([rule(input: "", mask: 0, verdict: accept)], drop, false),
            ([rule(input: "docker0", mask: 8, verdict: accept)], drop, false),
        ] as [([[UInt8]], Int32, Bool)]
    )
    func `policy and rules decide`(rules: [[UInt8]], policy: Int32, expected: Bool) {
        let entries = (rules + [Self.rule(input: "", mask: 0, verdict: policy)]).flatMap(\.self)
        let table = FilterTable(entries: entries, forwardStart: 0, forwardPolicy: entries.count - 152)
        #expect(OlderFilterTable(table).lets(pass: "slipway-0acb07") == expected)
    }

    @Test(arguments: [0, 1, 90, 91, 92, 112, 151])
    func `a table that ends too early does no harm`(count: Int) {
        let entries = Array(Self.rule(input: "", mask: 0, verdict: Self.drop).prefix(count))
        let table = FilterTable(entries: entries, forwardStart: 0, forwardPolicy: 0)
        _ = OlderFilterTable(table).lets(pass: "slipway-0acb07")
    }
}
