import ByteStrings
import Foundation
import TestSupport
import Testing

@testable import RemoteSources

/// Who gets tokens, and which addresses are talked to.
extension GitFetcherTests {
    @Test func aRedirectIsFollowedAndItsCredentialsAreNot() async throws {
        let git = try GitServer()
        let head = try git.repository("repo", Self.usual)
        let target = try git.smart()
        let server = try FaultServer { $0.answer("301 Moved", ["Location: \(target.url($0.path))"]) }
        let fetcher = Self.fetcher(secrets: ["GIT_AUTH_TOKEN": "secret"])
        let (_, checkout) = try await Self.checkOut(server.url("/repo.git"), fetcher: fetcher)
        #expect(checkout.content.commit == head)
        #expect(server.requests.allSatisfy { $0.field("Authorization") == "Basic eC1hY2Nlc3MtdG9rZW46c2VjcmV0" })
        #expect(target.requests.allSatisfy { $0.field("Authorization") == nil })
        let evil = try FaultServer { $0.answer("302 Found", ["Location: http://169.254.169.254\($0.path)"]) }
        let error = await failure { _ = try await Self.checkOut(evil.url("/repo.git"), fetcher: fetcher) }
        guard case .addressDenied = error else {
            Issue.record("\(error.debugDescription)")
            return
        }
    }

    @Test func credentialsReachTheServerTheyAreFor() async throws {
        let git = try GitServer()
        try git.repository("repo", Self.usual)
        let server = try git.smart()
        let fetcher = Self.fetcher(secrets: ["GIT_AUTH_HEADER.127.0.0.1": "Bearer x", "GIT_AUTH_TOKEN": "secret"])
        _ = try await Self.checkOut(server.url("/repo.git#old"), fetcher: fetcher)
        #expect(server.requests.count > 3)
        #expect(server.requests.allSatisfy { $0.field("Authorization") == "Bearer x" })
    }

    /// Whoever writes a repository says where its submodules are.
    @Test(arguments: ["SERVER", "SERVER as a name", "ssh"])
    func credentialsStayWithTheServerOfTheOutermostRepository(_ outermost: String) async throws {
        let git = try GitServer()
        let inner = try git.repository("inner", "echo inner >file; git add -A; git commit -qm x")
        let server = try git.smart()
        try git.repository(
            "outer",
            """
            printf '[submodule "s"]\\npath = s\\nurl = \(server.url("/inner.git"))\\n' >.gitmodules; git add -A
            git update-index --add --cacheinfo 160000,\(inner),s; git commit -qm x
            """
        )
        let url =
            switch outermost {
            case "SERVER": server.url("/outer.git")
            case "SERVER as a name": server.url("/outer.git", host: "localhost")
            default: "git@127.0.0.1:\(git.path)/outer.git"
            }
        let fetcher = Self.fetcher(
            try Self.withFakeSSH(git),
            secrets: ["GIT_AUTH_TOKEN": "secret", "GIT_AUTH_HEADER.127.0.0.1": "Bearer x"]
        )
        let (folder, _) = try await Self.checkOut(url, fetcher: fetcher)
        #expect(try Self.text(folder, "s/file") == "inner\n")
        let asked = server.requests.filter { $0.path.hasPrefix("/inner.git") }
        #expect(!asked.isEmpty)
        #expect(asked.allSatisfy { ($0.field("Authorization") != nil) == (outermost == "SERVER") })
    }

    @Test(arguments: [
        ("https://h/r.git", ["GIT_AUTH_TOKEN"], "GIT_AUTH_TOKEN"), ("http://h/r.git", ["GIT_AUTH_TOKEN"], nil),
        ("http://h/r.git", ["GIT_AUTH_HEADER"], nil), ("http://localhost.h/r.git", ["GIT_AUTH_TOKEN"], nil),
        ("http://10.0.0.1/r.git", ["GIT_AUTH_TOKEN"], nil),
        ("http://h/r.git", ["GIT_AUTH_TOKEN", "GIT_AUTH_TOKEN.h"], "GIT_AUTH_TOKEN.h"),
        ("http://h:81/r.git", ["GIT_AUTH_TOKEN", "GIT_AUTH_TOKEN.h:81"], "GIT_AUTH_TOKEN.h:81"),
        ("http://localhost:81/r.git", ["GIT_AUTH_TOKEN"], "GIT_AUTH_TOKEN"),
        ("http://127.9.9.9/r.git", ["GIT_AUTH_TOKEN"], "GIT_AUTH_TOKEN"),
        ("http://[::1]/r.git", ["GIT_AUTH_TOKEN"], "GIT_AUTH_TOKEN"),
    ])
    func aTokenForEveryServerNeedsEncryption(_ url: String, _ names: [String], _ used: String?) async throws {
        let credentials = HTTPCredentials { name in names.contains(name) ? Array(name.utf8) : nil }
        let header = try await credentials.gitAuthorization(for: RemoteURL(ByteString(url)))
        #expect(header == used.map { "Basic " + base64(Array("x-access-token:\($0)".utf8)) })
    }

    @Test func aNameIsPinnedToTheAddressThatWasChecked() async throws {
        let git = try GitServer()
        let head = try git.repository("repo", Self.usual)
        let server = try git.smart()
        let (_, checkout) = try await Self.checkOut(server.url("/repo.git", host: "localhost"))
        #expect(checkout.content.commit == head)
    }

    @Test(arguments: [
        "git://169.254.169.254/x", "ssh://git@169.254.169.254/x", "git@169.254.169.254:x", "git://2852039166/x",
    ])
    func otherTransportsKeepThePolicyToo(_ url: String) async throws {
        let error = await failure { _ = try await Self.checkOut(url) }
        guard case .addressDenied = error else {
            Issue.record("\(error.debugDescription)")
            return
        }
    }
}
