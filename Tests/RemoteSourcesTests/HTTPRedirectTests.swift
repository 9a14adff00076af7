import ByteStrings
import Foundation
import LinuxSystem
import TestSupport
import Testing

@testable import RemoteSources

@Suite struct HTTPRedirectTests {
    @Test(arguments: [301, 302, 303, 307, 308])
    func aRedirectIsFollowed(_ code: Int) async throws {
        let server = try FaultServer { exchange in
            if exchange.number == 0 {
                exchange.answer("\(code) Moved", ["Location: ../c/./d?y=2#frag"])
            } else {
                exchange.answer("200 OK", [], "hello")
            }
        }
        let (result, text) = try await fetch(server.url("/a/b?x=1"))
        #expect(text == "hello")
        #expect(server.requests[1].path == "/c/d?y=2")
        // The name is the one that was asked for.
        #expect(result.content.fileName == "b")
    }

    @Test func credentialsGoToTheServerTheyAreForAndNoOther() async throws {
        let other = try FaultServer { $0.answer("200 OK", [], "hello") }
        let server = try FaultServer { exchange in
            switch exchange.number {
            case 0: exchange.answer("302 Found", ["Location: /again"])
            default: exchange.answer("302 Found", ["Location: \(other.url("/f"))"])
            }
        }
        let secrets = ["HTTP_AUTH_TOKEN_127.0.0.1": "token\n"]
        #expect(try await fetch(server.url("/f"), secrets: secrets).1 == "hello")
        #expect(server.requests.map { $0.field("Authorization") } == ["Bearer token", "Bearer token"])
        // The same address, but another port is another server.
        #expect(other.requests.map { $0.field("Authorization") } == [nil])
    }

    @Test func credentialsDoNotComeBackFromElsewhereInAURL() async throws {
        let server = try FaultServer { exchange in
            if exchange.number == 0 {
                exchange.answer(
                    "302 Found",
                    ["Location: http://u:p@localhost:\(exchange.field("Host")?.split(separator: ":").last ?? "")/g"]
                )
            } else {
                exchange.answer("200 OK", [], "hello")
            }
        }
        let url = server.url("/f").replacingOccurrences(of: "http://", with: "http://me:s%65cret@")
        #expect(try await fetch(url).1 == "hello")
        #expect(server.requests[0].field("Authorization") == "Basic bWU6c2VjcmV0")
        #expect(server.requests[1].field("Authorization") == nil)
    }

    @Test(arguments: [
        (["HTTP_AUTH_HEADER_127.0.0.1": "Custom x", "HTTP_AUTH_TOKEN_127.0.0.1": "t"], "Custom x"),
        (["HTTP_AUTH_TOKEN_127.0.0.1:PORT": "port", "HTTP_AUTH_TOKEN_127.0.0.1": "t"], "Bearer port"),
        (["HTTP_AUTH_TOKEN_localhost": "t"], nil),
    ])
    func aSecretIsFoundByItsHost(_ secrets: [String: String], _ expected: String?) async throws {
        let server = try FaultServer { $0.answer("200 OK", [], "hello") }
        var named: [String: String] = [:]
        for (name, value) in secrets { named[name.replacingOccurrences(of: "PORT", with: "\(server.port)")] = value }
        _ = try await fetch(server.url("/f"), secrets: named)
        #expect(server.requests[0].field("Authorization") == expected)
    }

    @Test(arguments: ["a\r\nX-Evil: 1", "", "\u{0}"])
    func aSecretThatIsNoFieldIsRefused(_ secret: String) async throws {
        let server = try FaultServer { $0.answer("200 OK", [], "hello") }
        let error = await failure {
            _ = try await fetch(server.url("/f"), secrets: ["HTTP_AUTH_TOKEN_127.0.0.1": secret])
        }
        #expect(error == .badCredential(host: "127.0.0.1"))
        #expect(server.requests.isEmpty)
    }

    @Test func aLoopIsNamed() async throws {
        let server = try FaultServer { $0.answer("302 Found", ["Location: \($0.path == "/a" ? "/b" : "/a")"]) }
        let error = await failure { _ = try await fetch(server.url("/a")) }
        #expect(error == .redirectLoop([server.url("/a"), server.url("/b"), server.url("/a")]))
        #expect(server.requests.count == 2)
    }

    @Test func tenRedirectsAreFollowedAndElevenAreNot() async throws {
        let server = try FaultServer { exchange in
            let left = Int(exchange.path.dropFirst()) ?? 0
            if left == 0 { exchange.answer("200 OK", [], "hello") }
            if left > 0 { exchange.answer("302 Found", ["Location: /\(left - 1)"]) }
        }
        #expect(try await fetch(server.url("/10")).1 == "hello")
        let error = await failure { _ = try await fetch(server.url("/11")) }
        guard case .tooManyRedirects(let urls) = error else {
            Issue.record("\(error.debugDescription)")
            return
        }
        #expect(urls.count == 12)
        #expect(error?.description.hasPrefix("redirected more than 10 times: ") == true)
    }

    @Test(arguments: [
        "file:///etc/passwd", "ftp://127.0.0.1/f", "unix:/run/docker.sock", "gopher://127.0.0.1", "javascript:x", "",
    ])
    func otherSchemesAreRefused(_ location: String) async throws {
        let server = try FaultServer { $0.answer("302 Found", ["Location: \(location)"]) }
        let error = await failure { _ = try await fetch(server.url("/f")) }
        guard case .badRedirect = error else {
            Issue.record("\(error.debugDescription)")
            return
        }
        #expect(server.requests.count == 1)
    }

    /// Each leads to an address of metadata, in one of its spellings.
    @Test(arguments: [
        "169.254.169.254", "169.254.0.1", "[::ffff:169.254.169.254]", "[::ffff:a9fe:a9fe]", "[fe80::1]",
        "[fd00:ec2::254]",
        "2852039166", "0xa9fea9fe", "0xA9.0xFE.0xA9.0xFE", "0251.0376.0251.0376", "169.254.43518", "169.16689662",
        "[64:ff9b::a9fe:a9fe]", "[2002:a9fe:a9fe::1]", "[::a9fe:a9fe]", "100.100.100.200",
        "168.63.129.16", "[::ffff:168.63.129.16]", "192.0.0.192", "[fd20:ce::254]",
    ])
    func linkLocalAddressesAreRefusedDirectlyAndBehindARedirect(_ host: String) async throws {
        let url = "http://\(host)/latest/meta-data"
        let direct = await failure { _ = try await fetch(url) }
        guard case .addressDenied = direct else {
            Issue.record("\(direct.debugDescription)")
            return
        }
        let server = try FaultServer { $0.answer("302 Found", ["Location: \(url)"]) }
        let redirected = await failure { _ = try await fetch(server.url("/f")) }
        #expect(redirected == direct)
    }

    @Test func thePolicyIsAValue() async throws {
        let server = try FaultServer { $0.answer("200 OK", [], "hello") }
        var options = impatient
        let block = try #require(IPAddress("127.0.0.0").map { AddressBlock($0, bits: 8) })
        options.addresses = AddressPolicy(denied: [block])
        let denied = options
        let error = await failure { _ = try await fetch(server.url("/f"), denied) }
        guard case .addressDenied(let host, _) = error else {
            Issue.record("\(error.debugDescription)")
            return
        }
        #expect(host == "127.0.0.1")
        options.addresses.allowedHosts = ["127.0.0.1"]
        #expect(try await fetch(server.url("/f"), options).1 == "hello")
        // A name counts by what it stands for.
        options.addresses = AddressPolicy(
            denied: [block] + (IPAddress("::1").map { [AddressBlock($0, bits: 128)] } ?? [])
        )
        let named = options
        let other = await failure { _ = try await fetch(server.url("/f", host: "localhost"), named) }
        guard case .addressDenied("localhost", _) = other else {
            Issue.record("\(other.debugDescription)")
            return
        }
        #expect(server.requests.count == 1)
    }

    @Test func aProxyGetsTheRequestUnlessItIsExcepted() async throws {
        let proxy = try FaultServer { $0.answer("200 OK", [], "by proxy") }
        let place: ByteString = ByteString("http://user:pass@127.0.0.1:\(proxy.port)")
        let proxies = try ProxySettings(environment: ["HTTP_PROXY": place, "NO_PROXY": "direct.invalid"])
        #expect(try await fetch("http://somewhere.invalid/f", proxies: proxies).1 == "by proxy")
        #expect(proxy.requests[0].head.hasPrefix("GET http://somewhere.invalid/f HTTP/1.1"))
        #expect(proxy.requests[0].field("Host") == "somewhere.invalid")
        #expect(proxy.requests[0].field("Proxy-Authorization") == "Basic dXNlcjpwYXNz")
        let error = await failure { _ = try await fetch("http://direct.invalid/f", proxies: proxies) }
        guard case .hostNotFound = error else {
            Issue.record("\(error.debugDescription)")
            return
        }
        let denied = await failure { _ = try await fetch("http://2852039166/f", proxies: proxies) }
        guard case .addressDenied = denied else {
            Issue.record("\(denied.debugDescription)")
            return
        }
        #expect(proxy.requests.count == 1)
    }

    @Test func anEncryptedRequestGoesThroughATunnel() async throws {
        let proxy = try FaultServer { $0.answer("403 Forbidden") }
        let place = ByteString("127.0.0.1:\(proxy.port)")
        let proxies = try ProxySettings(environment: ["HTTPS_PROXY": place])
        let error = await failure { _ = try await fetch("https://somewhere.invalid/secret", proxies: proxies) }
        guard case .connectionFailed(_, let reason) = error else {
            Issue.record("\(error.debugDescription)")
            return
        }
        #expect(reason == "the proxy gave no valid answer")
        #expect(
            proxy.requests.map { $0.head.split(separator: "\r\n")[0] } == ["CONNECT somewhere.invalid:443 HTTP/1.1"]
        )
    }
}
