import ByteStrings
import Foundation
import LinuxSystem
import TestSupport
import Testing

@testable import RemoteSources

/// What `ssh` is told, and what comes of what it says.
extension GitFetcherTests {
    /// The environment of this process with an `ssh` that writes `tools/log` and stays on this machine.
    static func withFakeSSH(
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
}
