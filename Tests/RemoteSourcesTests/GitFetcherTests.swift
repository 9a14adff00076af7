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
    private static let commitTime = Timestamp(seconds: 1_000_000_000)

    private static let usual = """
        echo one >one; mkdir -p dir/sub; echo two >dir/sub/two; printf '#!/bin/sh\\n' >run; chmod 700 run; chmod 600 one
        ln -s dir/sub link; ln -s / root; git add -A; git commit -qm first; git tag light
        git branch old; git tag -a -m note v1; echo more >one; git commit -qam second; git branch light
        """

    private static func fetcher(_ environment: [ByteString: ByteString]? = nil, secrets: [String: String] = [:])
        -> GitFetcher
    {
        let http = HTTPFetcher(options: impatient) { secrets[$0].map { Array($0.utf8) } }
        return GitFetcher(http: http, environment: environment ?? Host.environment, deadline: .seconds(60))
    }

    /// Resolves and checks out; the folder and what was found.
    private static func checkOut(
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

    private static func list(_ folder: TemporaryFolder) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: folder.url.path).filter { !$0.hasPrefix(".git") }.sorted()
    }

    private static func text(_ folder: TemporaryFolder, _ path: String) throws -> String {
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

    @Test func submodulesComeWithItUnlessRefused() async throws {
        let git = try GitServer()
        try git.repository("inner", "echo inner >file; git add -A; git commit -qm x")
        try git.repository(
            "middle",
            "echo m >m; git -c protocol.file.allow=always submodule --quiet add ../inner.git deep/inner; git add -A; git commit -qm x"
        )
        try git.repository(
            "outer",
            "echo o >o; git -c protocol.file.allow=always submodule --quiet add ../middle.git sub; git add -A; git commit -qm x"
        )
        let server = try git.smart()
        let (folder, _) = try await Self.checkOut(server.url("/outer.git"))
        #expect(try Self.text(folder, "sub/deep/inner/file") == "inner\n")
        #expect(try Self.list(folder).allSatisfy { !$0.contains(".git/") && !$0.hasSuffix("/.git") })
        let (bare, _) = try await Self.checkOut(server.url("/outer.git?submodules=false"))
        #expect(try Self.list(bare) == ["o", "sub"])
        let (part, _) = try await Self.checkOut(server.url("/outer.git#main:sub/deep"))
        #expect(try Self.list(part) == ["inner", "inner/file"])
        let (kept, _) = try await Self.checkOut(server.url("/outer.git"), keepsGitDirectory: true)
        #expect(try Self.text(kept, "sub/m") == "m\n")
    }

    /// URLs and paths of submodules that must lead nowhere; the text is the whole of `.gitmodules`.
    @Test(arguments: [
        "[submodule \"s\"]\npath = s\nurl = file:///HOST/secret.git\n",
        "[submodule \"s\"]\npath = s\nurl = /HOST/secret.git\n",
        "[submodule \"s\"]\npath = s\nurl = ../../../../x.git\n",
        "[submodule \"s\"]\npath = s\nurl = \"ext::sh -c 'touch HOST/marker'\"\n",
        "[submodule \"s\"]\npath = s\nurl = ssh://-oProxyCommand=touch/x\n",
        "[submodule \"s\"]\npath = s\nurl = \"--upload-pack=touch HOST/marker\"\n",
        "[submodule \"s\"]\npath = s\nurl = http://169.254.169.254/x.git\n",
        "[submodule \"s\"]\npath = s\nurl = http://2852039166/x\n",
        "[submodule \"../../x\"]\npath = ../s\nurl = ./inner.git\n",
        "[submodule \"s\"]\npath = \"s\r\"\nurl = ./inner.git\n",
        "[submodule \"s\"]\npath = .git/hooks\nurl = ./inner.git\n",
        "[submodule \"s\"]\npath = /tmp/s\nurl = ./inner.git\n",
        "[submodule \"s\"]\npath = -s\nurl = ./inner.git\n",
    ])
    func aHostileSubmoduleIsRefused(_ modules: String) async throws {
        let git = try GitServer()
        let secret = try git.repository("secret", "echo secret >file; git add -A; git commit -qm x")
        let text = modules.replacingOccurrences(of: "HOST", with: git.path)
        try text.write(toFile: git.path + "/modules", atomically: true, encoding: .utf8)
        try git.repository(
            "outer",
            "cp ../modules .gitmodules; git add -A; git update-index --add --cacheinfo 160000,\(secret),s; git commit -qm x"
        )
        let server = try git.smart()
        let error = await failure { _ = try await Self.checkOut(server.url("/outer.git")) }
        switch error {
        case .badSubmodule, .addressDenied: break
        default: Issue.record("\(error.debugDescription)")
        }
        #expect(!FileManager.default.fileExists(atPath: git.path + "/marker"))
    }

    @Test func aSubmoduleInPlaceOfALinkIsRefused() async throws {
        let git = try GitServer()
        try git.repository("inner", "echo inner >file; git add -A; git commit -qm x")
        let inner = try git.shell("git -C inner.git rev-parse HEAD")
        // The tree has a link where the path of the submodule goes through.
        try git.repository(
            "outer",
            """
            mkdir -p /tmp/slipway-s; ln -s /tmp a; printf '[submodule "s"]\\npath = a/slipway-s\\nurl = ../inner.git\\n' >.gitmodules; git add -A
            tree=$(printf '160000 commit \(inner)\\tslipway-s\\n' | git mktree --missing)
            link=$(git rev-parse :a); modules=$(git rev-parse :.gitmodules)
            whole=$(printf "120000 blob $link\\ta\\n040000 tree $tree\\ta\\n100644 blob $modules\\t.gitmodules\\n" | git mktree --missing)
            git update-ref refs/heads/main $(git commit-tree -m x $whole)
            """
        )
        let server = try git.smart()
        let error = await failure { _ = try await Self.checkOut(server.url("/outer.git")) }
        switch error {
        case nil, .badSubmodule, .gitFailed: break
        default: Issue.record("\(error.debugDescription)")
        }
        #expect(!FileManager.default.fileExists(atPath: "/tmp/slipway-s/file"))
        try FileManager.default.removeItem(atPath: "/tmp/slipway-s")
    }

    @Test func aSubmoduleNeedsAnEmptyFolderOfItsOwn() async throws {
        let folder = try TemporaryFolder()
        try await Workplace.with(in: ByteString(folder.url.path)) { work in
            let files = URL(fileURLWithPath: "\(work.files)")
            try FileManager.default.createDirectory(
                at: files.appendingPathComponent("a/b"),
                withIntermediateDirectories: true
            )
            try FileManager.default.createSymbolicLink(atPath: files.path + "/link", withDestinationPath: "a")
            try FileManager.default.createSymbolicLink(atPath: files.path + "/out", withDestinationPath: "/tmp")
            try await work.prepare("a/b")
            for bad in ["a", "link", "link/b", "out", "missing", "a/b/c"] as [ByteString] {
                await #expect(throws: RemoteSourceError.self) { try await work.prepare(bad) }
            }
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).isEmpty)
    }

    /// The environment of this process with an `ssh` that writes `tools/log` and stays on this machine.
    private static func withFakeSSH(
        _ git: GitServer,
        _ action: String = "for last; do :; done; exec sh -c \"$last\""
    ) throws -> [ByteString: ByteString] {
        let tools = git.path + "/tools"
        try git.shell(
            """
            mkdir tools; cat >tools/ssh <<'END'
            #!/bin/sh
            printf '%s\\n' "$@" "agent $SSH_AUTH_SOCK" "home $HOME" >>"$(dirname "$0")/log"
            \(action)
            END
            chmod 755 tools/ssh
            """
        )
        var environment = Host.environment
        environment["PATH"] = ByteString("\(tools):\(environment["PATH"] ?? "/usr/bin:/bin")")
        environment["SSH_AUTH_SOCK"] = "/of/the/user"
        return environment
    }

    @Test func sshGetsNoConfigurationAndTheAgentAlone() async throws {
        let git = try GitServer()
        let head = try git.repository("repo", Self.usual)
        let tools = git.path + "/tools"
        let environment = try Self.withFakeSSH(git)
        let fetcher = GitFetcher(
            http: HTTPFetcher(),
            environment: environment,
            ssh: GitSSH(agentSocket: "/run/agent", knownHosts: "/etc/it's known")
        )
        let (_, checkout) = try await Self.checkOut("git@127.0.0.1:\(git.path)/repo.git#main", fetcher: fetcher)
        #expect(checkout.content.commit == head)
        let log = try String(contentsOfFile: tools + "/log", encoding: .utf8).split(separator: "\n").map(String.init)
        #expect(log.starts(with: ["-F", "/dev/null", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=yes"]))
        #expect(log.contains("UserKnownHostsFile=\"/etc/it's known\""))
        #expect(log.contains("agent /run/agent") && !log.contains("home \(environment["HOME"] ?? "")"))
        #expect(log.contains("git@127.0.0.1"))
        #expect(log.contains("IdentityFile=none") && log.contains("IdentityAgent=SSH_AUTH_SOCK"))
    }

    @Test func sshWithoutAnAgentHasNoKeys() async throws {
        let git = try GitServer()
        try git.repository("repo", Self.usual)
        let fetcher = Self.fetcher(try Self.withFakeSSH(git))
        _ = try await Self.checkOut("git@127.0.0.1:\(git.path)/repo.git", fetcher: fetcher)
        let log = try String(contentsOfFile: git.path + "/tools/log", encoding: .utf8)
            .split(separator: "\n").map(String.init)
        #expect(log.contains("IdentityFile=none") && log.contains("IdentityAgent=none") && log.contains("agent "))
    }

    @Test(arguments: [false, true])
    func aServerWithAnotherKeyThanKnownIsNamed(_ isChanged: Bool) async throws {
        let git = try GitServer()
        let line = isChanged ? "REMOTE HOST IDENTIFICATION HAS CHANGED!" : "No ED25519 host key is known"
        let action = "echo '\(line)' >&2; echo Host key verification failed. >&2; exit 255"
        let fetcher = GitFetcher(
            http: HTTPFetcher(),
            environment: try Self.withFakeSSH(git, action),
            ssh: GitSSH(knownHosts: "/home/me/.ssh/known_hosts")
        )
        let url = "ssh://git@127.0.0.1:22/r"
        let expected = RemoteSourceError.unknownServerKey(
            remote: url,
            known: "/home/me/.ssh/known_hosts",
            isChanged: isChanged
        )
        #expect(await failure { _ = try await Self.checkOut(url, fetcher: fetcher) } == expected)
    }

    @Test(
        arguments: [
            (nil, "git@127.0.0.1: Permission denied (publickey).", "`--ssh default`"),
            ("/run/agent", "git@127.0.0.1: Permission denied (publickey).", "no key of the agent"),
            (nil, "ssh: connect to host 127.0.0.1 port 22: Connection refused", "Connection refused"),
        ] as [(ByteString?, String, String)]
    )
    func whatSSHSaysIsSaid(_ agent: ByteString?, _ said: String, _ words: String) async throws {
        let git = try GitServer()
        let action = "echo '\(said)' >&2; exit 255"
        let fetcher = GitFetcher(
            http: HTTPFetcher(),
            environment: try Self.withFakeSSH(git, action),
            ssh: GitSSH(agentSocket: agent)
        )
        let error = await failure { _ = try await Self.checkOut("git@127.0.0.1:r", fetcher: fetcher) }
        guard case .gitFailed("git@127.0.0.1:r", let reason) = error, reason.contains(words) else {
            Issue.record("\(error.debugDescription)")
            return
        }
    }

    /// Holds the options against the ssh of this machine.
    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/ssh"), "needs ssh"))
    func sshUnderstandsItsCommandLine() throws {
        let git = try GitServer()
        let without = try git.shell("\(GitSSH().command) -G host")
        #expect(without.contains("identityfile none") && without.contains("identityagent none"))
        let known = "\(git.path)/a b%u'c/known"
        let ssh = GitSSH(agentSocket: "/run/agent", knownHosts: ByteString(known))
        let with = try git.shell("\(ssh.command) -G host")
        #expect(with.contains("identityfile none") && with.contains("identityagent SSH_AUTH_SOCK"))
        #expect(with.contains("identitiesonly no") && with.contains("userknownhostsfile \(known)"))
    }

    @Test func theGitTransportWorks() async throws {
        let git = try GitServer()
        let head = try git.repository("repo", Self.usual)
        let port = Int.random(in: 30000..<32000)
        let daemon = Process()
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
