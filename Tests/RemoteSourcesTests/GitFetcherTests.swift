import ByteStrings
import FileModel
import Foundation
import LinuxSystem
import TestSupport
import Testing

@testable import RemoteSources

extension Trait where Self == ConditionTrait {
    /// Needs the program that is tested with.
    static var git: ConditionTrait {
        .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/git"), "needs git")
    }
}

@Suite(.git) struct GitFetcherTests {
    static let commitTime = Timestamp(seconds: 1_000_000_000)

    static let usual = """
        echo one >one; mkdir -p dir/sub; echo two >dir/sub/two; printf '#!/bin/sh\\n' >run; chmod 700 run; chmod 600 one
        ln -s dir/sub link; ln -s / root; git add -A; git commit -qm first; git tag light
        git branch old; git tag -a -m note v1; echo more >one; git commit -qam second; git branch light
        """

    static func fetcher(_ environment: [ByteString: ByteString]? = nil, secrets: [String: String] = [:])
        -> GitFetcher
    {
        let http = HTTPFetcher(options: impatient) { secrets[$0].map { Array($0.utf8) } }
        return GitFetcher(http: http, environment: environment ?? Host.environment, deadline: .seconds(60))
    }

    /// Resolves and checks out; the folder and what was found.
    static func checkOut(
        _ text: String,
        keepsGitDirectory: Bool? = nil,
        checksum: String? = nil,
        fetcher: GitFetcher = GitFetcherTests.fetcher()
    ) async throws -> (TemporaryFolder, GitCheckout) {
        let reference = try #require(try GitReference(ByteString(text)))
        let (folder, scratch) = (try TemporaryFolder(), try TemporaryFolder())
        let place = ByteString(scratch.url.path)
        let content = try await fetcher.resolve(
            reference,
            keepsGitDirectory: keepsGitDirectory,
            checksum: checksum,
            scratch: place
        )
        let checkout = try await fetcher.checkOut(
            reference,
            at: content,
            into: ByteString(folder.url.path),
            scratch: place
        )
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.url.path).isEmpty)
        return (folder, checkout)
    }

    static func list(_ folder: TemporaryFolder) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: folder.url.path).filter { !$0.hasPrefix(".git") }.sorted()
    }

    static func text(_ folder: TemporaryFolder, _ path: String) throws -> String {
        try String(contentsOf: folder.url.appendingPathComponent(path), encoding: .utf8)
    }

    @Test(arguments: [false, true])
    func aCommitIsCheckedOut(_ isSmart: Bool) async throws {
        let git = try GitServer()
        let head = try git.repository("repo", Self.usual)
        let server = try isSmart ? git.smart() : git.plain()
        let (folder, checkout) = try await Self.checkOut(server.url("/repo.git"))
        #expect(checkout.content.commit == head)
        #expect(checkout.content.refName == "HEAD")
        #expect(checkout.committed == Self.commitTime)
        #expect(try Self.list(folder) == ["dir", "dir/sub", "dir/sub/two", "link", "one", "root", "run"])
        #expect(try Self.text(folder, "one") == "more\n")
        let modes: [(String, UInt16)] = [("one", 0o644), ("run", 0o755), ("dir", 0o755), ("dir/sub/two", 0o644)]
        for (path, mode) in modes {
            let full = ByteString(folder.url.appendingPathComponent(path).path)
            let status = try #require(try FileStatus.at(hostPath: full, followingLinks: false))
            #expect(status.permissions == mode)
            #expect(status.modified == Self.commitTime)
        }
        let root = try #require(
            try FileStatus.at(hostPath: ByteString(folder.url.path + "/root"), followingLinks: false)
        )
        #expect(root.modified == Self.commitTime && root.kind == .symbolicLink)
    }

    /// What a reference means; the branch goes before the tag of the same name.
    @Test(arguments: [
        ("#main", "refs/heads/main", "main"), ("#old", "refs/heads/old", "old"), ("#light", "refs/heads/light", "main"),
        ("?tag=light", "refs/tags/light", "old"), ("#v1", "refs/tags/v1", "old"),
        ("#refs/tags/v1", "refs/tags/v1", "old"),
        ("#tags/v1", "refs/tags/v1", "old"), ("?branch=old", "refs/heads/old", "old"), ("#FULL", nil, "old"),
        ("?ref=old&checksum=FULL", "refs/heads/old", "old"), ("?fetch-by-commit=true&ref=old", "refs/heads/old", "old"),
    ])
    func aReferenceIsResolved(_ suffix: String, _ name: String?, _ meant: String) async throws {
        let git = try GitServer()
        try git.repository("repo", Self.usual)
        let old = try git.shell("git -C repo.git rev-parse old")
        let expected = try git.shell("git -C repo.git rev-parse refs/heads/\(meant)")
        let server = try git.smart()
        let url = server.url("/repo.git") + suffix.replacingOccurrences(of: "FULL", with: old)
        let (folder, checkout) = try await Self.checkOut(url)
        #expect(checkout.content.commit == expected)
        #expect(checkout.content.refName == name.map { ByteString($0) })
        #expect(try Self.text(folder, "one") == (meant == "old" ? "one\n" : "more\n"))
    }

    @Test func aCommitThatNoServerGivesByNameIsFoundInItsHistory() async throws {
        let git = try GitServer()
        try git.repository("repo", Self.usual)
        let old = try git.shell(
            "git -C repo rev-parse HEAD~1; git -C repo.git branch -D old >&2; git -C repo.git update-server-info"
        )
        let server = try git.plain()
        let (folder, checkout) = try await Self.checkOut(server.url("/repo.git#\(old)"))
        #expect(checkout.content.commit == old)
        #expect(try Self.text(folder, "one") == "one\n")
    }

    /// What moves between the two questions, and whether the server gives commits by name.
    @Test(arguments: ["#main", "", "#v1", "?fetch-by-commit&branch=main", "#refs/other/x"], [false, true])
    func whatWasFoundIsCheckedOutThoughItMoves(_ suffix: String, _ isSmart: Bool) async throws {
        let git = try GitServer()
        try git.repository("repo", Self.usual)
        try git.shell("git -C repo.git update-ref refs/other/x main; git -C repo.git update-server-info")
        let server = try isSmart ? git.smart() : git.plain()
        let reference = try #require(try GitReference(ByteString(server.url("/repo.git" + suffix))))
        let (folder, scratch) = (try TemporaryFolder(), try TemporaryFolder())
        let place = ByteString(scratch.url.path)
        let content = try await Self.fetcher().resolve(reference, keepsGitDirectory: true, scratch: place)
        // The new tip is a child, and the tag is on it; the old tag is an object that no name leads to.
        try git.shell(
            """
            cd repo; echo later >one; git commit -qam later; \(isSmart ? "git tag -fa -m moved v1;" : "")
            git push -qf ../repo.git main main:refs/other/x --tags; git -C ../repo.git update-server-info
            """
        )
        _ = try await Self.fetcher().checkOut(
            reference,
            at: content,
            into: ByteString(folder.url.path),
            scratch: place
        )
        #expect(try Self.text(folder, "one") == (suffix == "#v1" ? "one\n" : "more\n"))
        let safe = "git -c safe.directory='*' -C \(folder.url.path)"
        #expect(try git.shell("\(safe) rev-parse HEAD") == content.commit)
        #expect(try git.shell("\(safe) for-each-ref refs/slipway").isEmpty)
    }

    @Test(arguments: ["nothing", "0123456789012345678901234567890123456789", "01234567"])
    func whatIsNotThereIsNamed(_ name: String) async throws {
        let git = try GitServer()
        try git.repository("repo", Self.usual)
        let server = try git.smart()
        let error = await failure { _ = try await Self.checkOut(server.url("/repo.git#\(name)")) }
        switch error {
        case .gitReferenceNotFound(_, name): break
        case .gitFailed(_, let reason): #expect(reason.contains(name))
        default: Issue.record("\(error.debugDescription)")
        }
    }

    @Test func aChecksumIsHeldAgainstCommitAndTag() async throws {
        let git = try GitServer()
        try git.repository("repo", Self.usual)
        let server = try git.smart()
        let url = server.url("/repo.git#v1")
        let commit = try git.shell("git -C repo.git rev-parse old")
        let tag = try git.shell("git -C repo.git rev-parse v1")
        for good in [commit, String(commit.prefix(7)).uppercased(), tag] {
            #expect(try await Self.checkOut(url, checksum: good).1.content.tag == tag)
        }
        for bad in ["0000", String(tag.dropFirst()), ""] {
            let error = await failure { _ = try await Self.checkOut(url, checksum: bad) }
            #expect(error == .gitChecksumMismatch(remote: server.url("/repo.git"), expected: bad, actual: commit))
        }
    }

    @Test func aFolderOfTheRepositoryIsEnough() async throws {
        let git = try GitServer()
        try git.repository("repo", Self.usual)
        let server = try git.smart()
        let (folder, checkout) = try await Self.checkOut(server.url("/repo.git#main:dir/sub"), keepsGitDirectory: true)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["two"])
        #expect(checkout.content.subdirectory == "dir/sub" && !checkout.content.keepsGitDirectory)
    }

    @Test(arguments: ["link", "root", "root/etc", "link/two", "one", "missing", "dir/sub/two", ".git"])
    func aFolderThatIsNoRealOneIsRefused(_ path: String) async throws {
        let git = try GitServer()
        try git.repository("repo", Self.usual)
        let server = try git.smart()
        let error = await failure { _ = try await Self.checkOut(server.url("/repo.git#main:\(path)")) }
        guard case .badGitSubdirectory(path, _) = error else {
            Issue.record("\(error.debugDescription)")
            return
        }
    }

    @Test func theGitFolderStaysWhenAskedFor() async throws {
        let git = try GitServer()
        let head = try git.repository("repo", Self.usual)
        let server = try git.smart()
        let url = server.url("/repo.git").replacingOccurrences(of: "//", with: "//u:secret@")
        let (folder, _) = try await Self.checkOut(url + "#main", keepsGitDirectory: true)
        let path = folder.url.path
        let safe = "git -c safe.directory='*' -C \(path)"
        #expect(try git.shell("\(safe) rev-parse HEAD") == head)
        #expect(try git.shell("\(safe) status --porcelain").isEmpty)
        #expect(try git.shell("\(safe) remote get-url origin") == server.url("/repo.git"))
        #expect(try git.shell("\(safe) rev-parse origin/main") == head)
        #expect(try git.shell("grep -rl secret \(path) || true").isEmpty)
        let (tagged, _) = try await Self.checkOut(url + "#v1", keepsGitDirectory: true)
        #expect(try git.shell("git -c safe.directory='*' -C \(tagged.url.path) describe") == "v1")
    }

    @Test func filesMayKeepTheTimeOfTheCheckout() async throws {
        let git = try GitServer()
        try git.repository("repo", Self.usual)
        let server = try git.smart()
        let (folder, _) = try await Self.checkOut(server.url("/repo.git?mtime=checkout"))
        let status = try #require(
            try FileStatus.at(hostPath: ByteString(folder.url.path + "/one"), followingLinks: false)
        )
        #expect(status.modified > Timestamp(seconds: 1_600_000_000))
    }

    @Test func theGitTransportWorks() async throws {
        let git = try GitServer()
        let head = try git.repository("repo", Self.usual)
        let port = Int.random(in: 30000..<32000)
        let daemon = ChildProcess()
        // Not by way of `git`, which would not pass a signal on.
        daemon.executableURL = URL(fileURLWithPath: try git.shell("git --exec-path") + "/git-daemon")
        daemon.arguments = [
            "--listen=127.0.0.1", "--port=\(port)", "--export-all", "--base-path=\(git.path)", git.path,
        ]
        daemon.environment = ["HOME": git.path, "PATH": "/usr/bin:/bin"]
        try daemon.run()
        defer {
            kill(daemon.processIdentifier, SIGKILL)
            daemon.waitUntilExit()
        }
        for attempt in 1... {
            do {
                let (_, checkout) = try await Self.checkOut("git://127.0.0.1:\(port)/repo.git#v1")
                #expect(checkout.content.refName == "refs/tags/v1" && checkout.content.commit != head)
                return
            } catch RemoteSourceError.gitFailed where attempt < 50 {
                try await Task.sleep(for: .milliseconds(100))
            }
        }
    }

    @Test func hooksFiltersAndConfigurationOfTheRepositoryDoNothing() async throws {
        let git = try GitServer()
        let marker = git.path + "/marker"
        try git.repository(
            "repo",
            """
            echo '* filter=evil diff=evil' >.gitattributes; mkdir hooks .githooks
            printf '#!/bin/sh\\ntouch \(marker)\\n' | tee hooks/post-checkout .githooks/post-checkout >/dev/null
            chmod 755 hooks/* .githooks/*; echo '[core] hooksPath = .githooks' >.gitconfig; echo x >x
            git add -A; git commit -qm x
            """
        )
        let server = try git.smart()
        var environment = Host.environment
        environment["HOME"] = ByteString(git.path)
        environment["GIT_CONFIG_COUNT"] = "1"
        environment["GIT_CONFIG_KEY_0"] = "core.hooksPath"
        environment["GIT_CONFIG_VALUE_0"] = ByteString(git.path + "/repo/hooks")
        environment["GIT_SSH_COMMAND"] = ByteString("touch \(marker)")
        let (folder, _) = try await Self.checkOut(
            server.url("/repo.git"),
            keepsGitDirectory: true,
            fetcher: Self.fetcher(environment)
        )
        #expect(try Self.text(folder, "x") == "x\n")
        #expect(!FileManager.default.fileExists(atPath: marker))
    }

    @Test(arguments: ["404 Not Found", "401 Unauthorized"])
    func aServerThatRefusesIsNamed(_ status: String) async throws {
        let server = try FaultServer { $0.answer(status) }
        let error = await failure { _ = try await Self.checkOut(server.url("/repo.git")) }
        guard case .gitStatus(server.url("/repo.git"), let code, _) = error else {
            Issue.record("\(error.debugDescription)")
            return
        }
        #expect(status.hasPrefix("\(code)"))
        let other = try FaultServer {
            $0.answer("302 Found", ["Location: \(server.url("/other.git/info/refs"))?service=git-upload-pack"])
        }
        let behind = await failure { _ = try await Self.checkOut(other.url("/repo.git")) }
        guard case .gitStatus(server.url("/other.git"), code, _) = behind else {
            Issue.record("\(behind.debugDescription)")
            return
        }
    }

    @Test func aGitThatHangsIsEnded() async throws {
        let server = try FaultServer { exchange in
            if exchange.number == 0 { exchange.answer("200 OK") } else { exchange.waitForEnd() }
        }
        let fetcher = GitFetcher(
            http: HTTPFetcher(options: impatient),
            environment: Host.environment,
            deadline: .seconds(2)
        )
        let error = await failure { _ = try await Self.checkOut(server.url("/repo.git"), fetcher: fetcher) }
        #expect(error == .gitTimeout(remote: server.url("/repo.git"), seconds: 2))
    }

    @Test func aMissingOrOldGitIsNamed() async throws {
        let folder = try TemporaryFolder()
        let path = ByteString(folder.url.path)
        let missing = Self.fetcher(["PATH": path])
        #expect(await failure { _ = try await Self.checkOut("git://127.0.0.1/x", fetcher: missing) } == .gitMissing)
        // A folder of the build context is no place for programs.
        let relative = Self.fetcher(["PATH": "."])
        #expect(await failure { _ = try await Self.checkOut("git://127.0.0.1/x", fetcher: relative) } == .gitMissing)

        let script = folder.url.appendingPathComponent("git")
        for version in ["2.17.1", "2.36.6", "1.99"] {
            try "#!/bin/sh\necho git version \(version)\n".write(to: script, atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script.path)
            let error = await failure { _ = try await Self.checkOut("git://127.0.0.1/x", fetcher: missing) }
            #expect(error == .gitTooOld(version, required: "2.37"))
        }
    }

    @Test func twoCheckoutsAreTheSame() async throws {
        let git = try GitServer()
        try git.repository("repo", Self.usual)
        let server = try git.smart()
        var sums: [String] = []
        for _ in 0..<2 {
            let (folder, _) = try await Self.checkOut(server.url("/repo.git#main"), keepsGitDirectory: true)
            let text =
                "cd \(folder.url.path); find . -type f ! -path '*/pack/*' -printf '%p %m %T@ ' -exec sha256sum {} \\; | sort"
            sums.append(try git.shell(text).replacingOccurrences(of: folder.url.path, with: ""))
        }
        #expect(sums[0] == sums[1])
    }
}
