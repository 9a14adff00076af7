import ByteStrings
import Foundation
import LinuxSystem
import TestSupport
import Testing

@testable import RemoteSources

/// What fetching leaves behind in this process, and whom it trusts.
@Suite(.serialized) struct HTTPResourcesTests {
    /// The threads of the network library of this process.
    private static func threads() throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").filter { task in
            let name = try? String(contentsOfFile: "/proc/self/task/\(task)/comm", encoding: .utf8)
            return name?.hasPrefix("NIO-") == true
        }
        .count
    }

    @Test func nothingStaysOpenAfterAFetch() async throws {
        let server = try FaultServer { exchange in
            if exchange.path == "/reset" { return exchange.reset() }
            exchange.answer("200 OK", [], "hello")
        }
        let fetcher = HTTPFetcher(options: impatient)
        let url = try RemoteURL(ByteString(server.url("/f")))
        let bad = try RemoteURL(ByteString(server.url("/reset")))
        _ = try await fetcher.fetch(HTTPFetchRequest(url), into: MemoryFetchSink())
        let before = try Self.sockets()
        for _ in 0..<20 {
            _ = try await fetcher.fetch(HTTPFetchRequest(url), into: MemoryFetchSink())
            _ = await failure { _ = try await fetcher.fetch(HTTPFetchRequest(bad), into: MemoryFetchSink()) }
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<20 {
                group.addTask { _ = try await fetcher.fetch(HTTPFetchRequest(url), into: MemoryFetchSink()) }
            }
            try await group.waitForAll()
        }
        // Other suites fetch at the same time, so this waits for a quiet moment rather than for an exact number.
        var (threads, open) = (1, Int.max)
        for _ in 0..<600 where threads > 0 || open > before {
            try await Task.sleep(for: .milliseconds(100))
            (threads, open) = (try Self.threads(), try Self.sockets())
        }
        #expect(threads == 0)
        #expect(open <= before)
    }

    private static func sockets() throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").filter { number in
            let link = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(number)")
            return link?.hasPrefix("anon_inode:[event") == true
        }
        .count
    }

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl"), "needs openssl"))
    func aServerIsTrustedByItsCertificateAlone() async throws {
        let folder = try TemporaryFolder()
        let path = folder.url.path
        let port = UInt16.random(in: 20000..<30000)
        let make = ChildProcess()
        make.executableURL = URL(fileURLWithPath: "/bin/sh")
        make.currentDirectoryURL = folder.url
        make.arguments = [
            "-c",
            """
            printf hello >f
            openssl req -x509 -newkey rsa:2048 -nodes -keyout key -out cert -days 2 -subj /CN=localhost \
              -addext subjectAltName=DNS:localhost 2>/dev/null
            exec openssl s_server -quiet -WWW -accept 127.0.0.1:\(port) -key key -cert cert </dev/null >/dev/null 2>&1
            """,
        ]
        try make.run()
        defer {
            kill(make.processIdentifier, SIGKILL)
            make.waitUntilExit()
        }
        var options = impatient
        options.attempts = 40
        options.retryDelay = .milliseconds(200)
        options.longestRetryDelay = .milliseconds(200)
        options.certificates = ByteString(path + "/cert")
        while !FileManager.default.fileExists(atPath: path + "/cert") { try await Task.sleep(for: .milliseconds(50)) }
        #expect(try await fetch("https://localhost:\(port)/f", options).1 == "hello")

        let other = await failure { _ = try await fetch("https://127.0.0.1:\(port)/f", options) }
        guard case .untrustedServer = other else {
            Issue.record("\(other.debugDescription)")
            return
        }
        options.certificates = nil
        let system = options
        let unknown = await failure { _ = try await fetch("https://localhost:\(port)/f", system) }
        guard case .untrustedServer = unknown else {
            Issue.record("\(unknown.debugDescription)")
            return
        }
    }
}
