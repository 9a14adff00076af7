import ByteStrings
import Foundation
import LinuxSystem
import Testing

@testable import ContainerSandbox

@Suite struct GeneratedFilesTests {
    @Test func hostsNameTheContainerAndWhatWasAdded() {
        let bytes = HostsFile.bytes(
            hostName: "box",
            entries: [.init(address: "10.0.0.1", name: "db"), .init(address: "::2", name: "db")]
        )
        #expect(
            String(decoding: bytes, as: UTF8.self) == """
                127.0.0.1\tlocalhost box
                ::1\tlocalhost ip6-localhost ip6-loopback
                10.0.0.1\tdb
                ::2\tdb

                """
        )
    }

    private static let publicServers =
        "nameserver 8.8.8.8\nnameserver 8.8.4.4\nnameserver 2001:4860:4860::8888\nnameserver 2001:4860:4860::8844\n"

    @Test(
        arguments: [
            ("nameserver 10.0.0.1\nsearch a b\n", .none, "nameserver 10.0.0.1\nsearch a b\n"),
            ("search a\nnameserver 127.0.0.1\nnameserver 9.9.9.9", .none, "search a\nnameserver 9.9.9.9\n"),
            ("nameserver\t127.0.0.53 \noptions edns0\n", .none, "options edns0\n" + publicServers),
            ("nameserver ::1\n", .none, publicServers),
            ("# comment\n", .none, "# comment\n" + publicServers),
            ("nameserver 127.0.0.53\n", .host, "nameserver 127.0.0.53\n"),
            ("search a\n", .host, "search a\n"),
            (nil, .host, publicServers),
            (nil, .none, publicServers),
        ] as [(String?, ContainerNetwork, String)]
    )
    func serversThatNobodyCanReachAreLeftOut(_ host: String?, _ network: ContainerNetwork, _ expected: String) {
        let bytes = ResolvConf.bytes(host: host.map { Array($0.utf8) }, network: network)
        #expect(String(decoding: bytes, as: UTF8.self) == expected)
    }

    @Test(
        arguments: [
            ("nameserver 127.0.0.53\n", true), ("nameserver 127.0.0.53\nnameserver 1.1.1.1\n", false),
            ("nameserver 127.0.0.1\n", false), ("", false),
        ])
    func systemdIsRecognised(_ host: String, _ expected: Bool) {
        #expect(ResolvConf.namesSystemdOnly(Array(host.utf8)) == expected)
    }

    @Test func stubsAreEmptyFilesAndFolders() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("stubs-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var stubs = StubTree()
        stubs.insert("/a/../b/./c/", isDirectory: true)
        stubs.insert("/b/file", isDirectory: false)
        stubs.insert("/", isDirectory: true)
        for _ in 0..<2 { try stubs.write(in: try OwnedDescriptor.openDirectory(ByteString(folder.path))) }
        #expect(
            try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted() == [
                "b", "b/c", "b/file", "dev", "etc", "etc/hosts", "etc/resolv.conf", "proc", "sys",
            ]
        )
    }
}
