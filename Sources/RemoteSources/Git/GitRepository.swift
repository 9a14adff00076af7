internal import ByteStrings
internal import FileModel
internal import LinuxSystem

/// A folder of git's own, and what is done with it.
struct GitRepository: Sendable {
    let git: GitProgram

    /// The absolute path of the folder.
    let path: ByteString

    /// The name under which what was fetched is kept.
    private static let target: ByteString = "refs/slipway/target"

    /// Runs a command; its standard output.
    ///
    /// - Throws: ``RemoteSourceError``, `gitFailed`, `gitTimeout` or `unknownServerKey`; `CommandError`,
    ///   `CancellationError`.
    @discardableResult
    func run(
        _ words: [ByteString],
        workTree: ByteString? = nil,
        settings: [(String, ByteString)] = [],
        about remote: String
    ) async throws -> [UInt8] {
        let command = git.command(words, repository: path, workTree: workTree, settings: settings)
        let result: CommandResult
        do {
            result = try await command.run()
        } catch let error as CommandError {
            guard case .tooLong(_, let limit) = error else { throw error }
            throw RemoteSourceError.gitTimeout(remote: remote, seconds: limit.components.seconds)
        }
        guard result.status.isSuccess else {
            throw failure(result, remote)
        }
        return result.output
    }

    func make() async throws {
        try await run(["init", "--quiet", "--bare", "--template=", "--", path], about: "\(path)")
    }

    /// The branches and tags that have one of the names, by full name.
    func list(_ names: [ByteString], of remote: GitRemote) async throws -> [ByteString: String] {
        let words: [ByteString] = ["ls-remote", "--quiet", "--", remote.url] + names
        let output = try await run(words, settings: remote.settings, about: remote.shown)
        var found: [ByteString: String] = [:]
        for line in output.split(separator: UInt8(ascii: "\n")) {
            let parts = line.split(separator: UInt8(ascii: "\t"), maxSplits: 1)
            guard parts.count == 2, let commit = Self.objectName(parts[0]) else { continue }
            found[ByteString(parts[1])] = commit
        }
        return found
    }

    /// Fetches a commit, and the annotated tag that was asked for, with as little history as the server lets.
    ///
    /// They are asked for by their own names: a branch may have moved since it was looked at.
    func fetch(_ content: GitContent, from remote: GitRemote) async throws {
        let object = content.tag ?? content.commit
        var failure: RemoteSourceError?
        for depth in [["--depth=1"], []] as [[ByteString]] {
            do {
                try await fetch([ByteString("+\(object):\(Self.target)")], depth, remote)
                if try await has(content) { return }
            } catch let error as RemoteSourceError {
                guard case .gitFailed = error else { throw error }
                failure = failure ?? error
                // A server without shallow fetches; everything else will not get better by more history.
                if !"\(error)".contains("shallow") { break }
            }
        }
        // The server gives no commit by its name alone: it may lie on some branch or tag.
        var names: [ByteString] = ["refs/heads/*", "refs/tags/*"]
        if let name = content.refName, !["refs/heads/", "refs/tags/"].contains(where: name.hasPrefix) {
            names.append(name)
        }
        do {
            try await fetch(names, [], remote)
        } catch let error as RemoteSourceError {
            throw failure ?? error
        }
        guard try await has(content) else {
            throw RemoteSourceError.gitReferenceNotFound(remote: remote.shown, name: content.commit)
        }
    }

    private func fetch(_ what: [ByteString], _ options: [ByteString], _ remote: GitRemote) async throws {
        let words: [ByteString] = ["fetch", "--quiet", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head"]
        try await run(words + options + ["--", remote.url] + what, settings: remote.settings, about: remote.shown)
    }

    private func has(_ content: GitContent) async throws -> Bool {
        do {
            for object in ["\(content.commit)^{commit}", content.tag].compactMap(\.self) {
                try await run(["cat-file", "-e", ByteString(object)], about: "\(path)")
            }
            return true
        } catch RemoteSourceError.gitFailed {
            return false
        }
    }

    /// When the commit was made.
    func time(of commit: String) async throws -> Timestamp {
        let words: [ByteString] = ["show", "--no-patch", "--format=%ct", "--end-of-options", ByteString(commit)]
        let output = try await run(words, about: "\(path)")
        let digits = String(decoding: output.prefix { $0 != UInt8(ascii: "\n") }.prefix(20), as: UTF8.self)
        return Timestamp(seconds: max(0, Int64(digits) ?? 0))
    }

    /// Writes the files of a commit into an empty folder.
    func checkOut(_ commit: String, into folder: ByteString, about remote: String) async throws {
        let words: [ByteString] = [
            "checkout", "--quiet", "--force", "--detach", "--no-recurse-submodules", ByteString(commit),
        ]
        try await run(words + ["--"], workTree: folder, about: remote)
    }

    /// Why a command failed: the last line that says so, for people.
    private func failure(_ result: CommandResult, _ remote: String) -> RemoteSourceError {
        let lines = result.errors.split(separator: UInt8(ascii: "\n")).map { line in
            String(decoding: line.prefix(400).map { $0 < 0x20 || $0 == 0x7f ? UInt8(ascii: "?") : $0 }, as: UTF8.self)
        }
        let fatal = lines.last { $0.hasPrefix("fatal: ") || $0.hasPrefix("error: ") }.map { String($0.dropFirst(7)) }
        let ssh = lines.last { $0.hasPrefix("ssh: ") }.map { String($0.dropFirst(5)) }
        let text = ssh ?? fatal ?? lines.last ?? "it ended with \(result.status.shellCode)"
        if lines.contains(where: { $0.contains("Host key verification failed") }) {
            return .unknownServerKey(
                remote: remote,
                known: git.ssh.knownHosts.map { "\($0)" } ?? "~/.ssh/known_hosts",
                isChanged: lines.contains { $0.contains("IDENTIFICATION HAS CHANGED") }
            )
        }
        if lines.contains(where: { $0.contains("Permission denied (") }) {
            let reason =
                git.ssh.agentSocket == nil
                ? "the server wants a key, and there is no agent: pass `--ssh default`"
                : "the server takes no key of the agent"
            return .gitFailed(remote: remote, reason: reason)
        }
        if text.contains("could not read Username") || text.contains("Authentication failed") {
            let reason = "the server wants to know who asks: give the secret `GIT_AUTH_TOKEN`"
            return .gitFailed(remote: remote, reason: reason)
        }
        return .gitFailed(remote: remote, reason: text)
    }

    /// The full name of an object; nil for other texts.
    static func objectName(_ bytes: some Collection<UInt8>) -> String? {
        guard bytes.count == 40 || bytes.count == 64, bytes.allSatisfy({ $0.hexValue != nil }) else { return nil }
        return String(decoding: bytes, as: UTF8.self).asciiLowercased
    }
}
