internal import ByteStrings
internal import FileModel
internal import LinuxSystem

/// The git of this machine, held on a short leash.
///
/// Nothing that a repository or a Dockerfile says may name a program, a file of the host or another transport: there are no
/// configuration files, hooks or helpers, and operands stand behind `--`. Source: `git(1)`, "ENVIRONMENT VARIABLES";
/// `git-config(1)`, `protocol.allow`.
struct GitProgram: Sendable {
    /// The first version that connects to the address it is told, `http.curloptResolve`.
    ///
    /// An older one would look the name up again, and could be led elsewhere than where the policy was asked about. Source:
    /// the release notes of git 2.37.
    private static let oldest = [2, 37]

    let path: ByteString

    /// How servers are reached over SSH.
    let ssh: GitSSH

    /// How long one command may take.
    let deadline: Duration

    /// A folder for what git keeps at home; empty.
    let home: ByteString

    /// `NAME=value` each, beside those that every command gets.
    let environment: [ByteString]

    /// What `Host.environment` tells git about the machine, and nothing else of it.
    private static let inherited: [ByteString] = ["PATH", "SSL_CERT_FILE", "SSL_CERT_DIR"]

    /// Looks for git in `PATH`.
    ///
    /// - Throws: ``RemoteSourceError``, `gitMissing`.
    static func find(in environment: [ByteString: ByteString]) throws(RemoteSourceError) -> ByteString {
        let folders = environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        for folder in folders.bytes.split(separator: UInt8(ascii: ":")) {
            // A relative folder could be one of the build context.
            guard folder.first == ByteString.slash else { continue }
            let path = ByteString(folder).appendingPath("git")
            let status = try? FileStatus.at(hostPath: path, followingLinks: true)
            if let status, status.kind == .regular, status.permissions & 0o111 != 0 { return path }
        }
        throw .gitMissing
    }

    init(
        path: ByteString,
        home: ByteString,
        deadline: Duration,
        host: [ByteString: ByteString],
        ssh: GitSSH
    ) {
        self.path = path
        self.ssh = ssh
        self.home = home
        self.deadline = deadline
        var variables: [ByteString] = []
        for name in Self.inherited {
            if let value = host[name] { variables.append(ByteString(name.bytes + [UInt8(ascii: "=")] + value.bytes)) }
        }
        for name in ["http_proxy", "HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy"] as [ByteString] {
            if let value = host[name] { variables.append(ByteString(name.bytes + [UInt8(ascii: "=")] + value.bytes)) }
        }
        if host["http_proxy"] == nil, let value = host["HTTP_PROXY"] {
            variables.append(ByteString(Array("http_proxy=".utf8) + value.bytes))
        }
        if let socket = ssh.agentSocket {
            variables.append(ByteString(Array("SSH_AUTH_SOCK=".utf8) + socket.bytes))
        }
        variables.append(ByteString(Array("GIT_SSH_COMMAND=".utf8) + ssh.command.bytes))
        variables.append(ByteString(Array("HOME=".utf8) + home.bytes))
        variables.append(ByteString(Array("XDG_CONFIG_HOME=".utf8) + home.bytes))
        environment = variables + Self.fixed
    }

    private static let fixed: [ByteString] = [
        "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_SYSTEM=/dev/null", "GIT_CONFIG_GLOBAL=/dev/null", "GIT_ATTR_NOSYSTEM=1",
        "GIT_TERMINAL_PROMPT=0", "GIT_ASKPASS=", "SSH_ASKPASS=", "GIT_OPTIONAL_LOCKS=0", "GIT_NO_REPLACE_OBJECTS=1",
        "GIT_ALLOW_PROTOCOL=http:https:ssh:git", "GIT_PROTOCOL_FROM_USER=0", "GIT_SSH_VARIANT=ssh", "LC_ALL=C",
        "TZ=UTC0",
    ]

    private static let configuration: [(String, String)] = [
        ("core.hooksPath", "/dev/null"), ("core.fsmonitor", "false"), ("core.attributesFile", "/dev/null"),
        ("core.bare", "false"), ("core.logAllRefUpdates", "false"), ("core.askPass", ""), ("credential.helper", ""),
        ("protocol.allow", "never"), ("protocol.http.allow", "always"), ("protocol.https.allow", "always"),
        ("protocol.ssh.allow", "always"), ("protocol.git.allow", "always"), ("protocol.file.allow", "never"),
        ("protocol.ext.allow", "never"), ("http.followRedirects", "false"), ("http.lowSpeedLimit", "64"),
        ("http.lowSpeedTime", "60"), ("transfer.bundleURI", "false"), ("fetch.recurseSubmodules", "false"),
        ("submodule.recurse", "false"), ("gc.auto", "0"), ("maintenance.auto", "false"),
        ("fetch.writeCommitGraph", "false"),
        ("advice.detachedHead", "false"), ("init.defaultBranch", "main"), ("core.protectNTFS", "true"),
        ("core.protectHFS", "true"), ("uploadpack.packObjectsHook", ""), ("log.showSignature", "false"),
    ]

    /// A command of git in the repository whose `.git` folder is `repository`.
    ///
    /// `settings` are configuration that may be secret; they do not appear in lists of processes.
    func command(
        _ words: [ByteString],
        repository: ByteString,
        workTree: ByteString? = nil,
        settings: [(String, ByteString)] = []
    ) -> Command {
        var variables = environment
        variables.append(ByteString(Array("GIT_DIR=".utf8) + repository.bytes))
        if let workTree { variables.append(ByteString(Array("GIT_WORK_TREE=".utf8) + workTree.bytes)) }
        let all = Self.configuration.map { ($0.0, ByteString($0.1)) } + settings
        variables.append(ByteString("GIT_CONFIG_COUNT=\(all.count)"))
        for (number, setting) in all.enumerated() {
            variables.append(ByteString("GIT_CONFIG_KEY_\(number)=\(setting.0)"))
            variables.append(ByteString(Array("GIT_CONFIG_VALUE_\(number)=".utf8) + setting.1.bytes))
        }
        // The working directory of this process may be a build context.
        var command = Command(path, [ByteString("-C"), workTree ?? home] + words, environment: variables)
        command.deadline = deadline
        command.outputLimit = 256 << 20
        return command
    }

    /// - Throws: ``RemoteSourceError``, `gitTooOld` or `gitFailed`; `CommandError`.
    func checkVersion() async throws {
        var command = Command(path, ["version"], environment: environment)
        command.deadline = .seconds(30)
        let text = String(decoding: try await command.run().output.prefix(200), as: UTF8.self)
        let words = text.split { $0.isWhitespace }
        guard words.count >= 3, words[0] == "git" else {
            throw RemoteSourceError.gitFailed(remote: "\(path)", reason: "`git version` says nothing known")
        }
        let numbers = words[2].split(separator: ".").prefix(2).map { Int($0) ?? 0 }
        if numbers.lexicographicallyPrecedes(Self.oldest) {
            let required = Self.oldest.map(String.init).joined(separator: ".")
            throw RemoteSourceError.gitTooOld(String(words[2]), required: required)
        }
    }
}
