package import ByteStrings
internal import FileModel
internal import LinuxSystem

/// Finds commits and puts their files into folders, with the git of this machine.
package struct GitFetcher: Sendable {
    /// The most submodules of one checkout, inner ones included.
    private static let mostSubmodules = 512

    private let http: HTTPFetcher
    private let environment: [ByteString: ByteString]
    private let ssh: GitSSH
    private let deadline: Duration

    /// Prepares fetches; nothing is looked for or started yet.
    ///
    /// `http` says which addresses are allowed, and gives proxies, certificates and secrets. Of `environment`, that of this
    /// process, only the search path, proxies and certificates reach git. `deadline` is for each command of git.
    package init(
        http: HTTPFetcher,
        environment: [ByteString: ByteString],
        ssh: GitSSH = GitSSH(),
        deadline: Duration = .seconds(1800)
    ) {
        self.http = http
        self.environment = environment
        self.ssh = ssh
        self.deadline = deadline
    }

    /// Finds the commit that a reference means now, without fetching it.
    ///
    /// `scratch` is a folder of this process alone, on a path that is trusted. `keepsGitDirectory` and `checksum` are the
    /// flags of an ADD; nil means what the reference says. A commit that is given by its whole name is believed.
    ///
    /// - Throws: ``RemoteSourceError``, `CommandError`, `SystemError`, `CancellationError`, or what secrets throw.
    package func resolve(
        _ reference: GitReference,
        keepsGitDirectory: Bool? = nil,
        checksum: String? = nil,
        scratch: ByteString
    ) async throws -> GitContent {
        var content = GitContent(
            commit: "",
            subdirectory: reference.subdirectory,
            hasSubmodules: reference.submodules ?? true,
            keepsGitDirectory: (keepsGitDirectory ?? reference.keepsGitDirectory ?? false)
                && reference.subdirectory.isEmpty
        )
        if let ref = reference.ref, let commit = GitRepository.objectName(ref.bytes) {
            content.commit = commit
        } else {
            let found = content
            content = try await Workplace.with(in: scratch) { folder in
                let repository = GitRepository(git: try await program(home: folder.home), path: folder.path("list"))
                try await repository.make()
                let remote = try await GitRemote.locate(reference, http, .outermost)
                return try await find(reference, repository, remote, found)
            }
        }
        for expected in [checksum?.asciiLowercased, reference.checksum].compactMap(\.self) {
            let isRight = content.commit.hasPrefix(expected) || content.tag?.hasPrefix(expected) == true
            guard isRight && !expected.isEmpty else {
                throw RemoteSourceError.gitChecksumMismatch(
                    remote: "\(reference)",
                    expected: expected,
                    actual: content.commit
                )
            }
        }
        return content
    }

    /// Puts the files of a commit into `destination`, an existing empty folder on the file system of `scratch`.
    ///
    /// Files have mode 644 or 755, folders 755, and the owner is this process's. Their time is the commit's, unless the
    /// reference says otherwise.
    ///
    /// - Throws: As ``resolve(_:keepsGitDirectory:checksum:scratch:)``.
    package func checkOut(
        _ reference: GitReference,
        at content: GitContent,
        into destination: ByteString,
        scratch: ByteString
    ) async throws -> GitCheckout {
        try await Workplace.with(in: scratch) { try await checkOut(reference, at: content, into: destination, $0) }
    }

    private func checkOut(
        _ reference: GitReference,
        at content: GitContent,
        into destination: ByteString,
        _ folder: Workplace
    ) async throws -> GitCheckout {
        let git = try await program(home: folder.home)
        var pending = [Pending(reference: reference, content: content, place: "")]
        var committed = Timestamp.epoch
        let outermost = try? RemoteURL(reference.remote)
        var count = 0
        while let next = pending.popLast() {
            count += 1
            guard count <= Self.mostSubmodules + 1 else {
                let reason = "is one of more than \(Self.mostSubmodules)"
                throw RemoteSourceError.badSubmodule(path: "\(next.place)", reason: reason)
            }
            let place = folder.files.appendingPath(next.place)
            let repository = GitRepository(
                git: git,
                path: content.keepsGitDirectory ? place.appendingPath(".git") : folder.path(ByteString("\(count)"))
            )
            try await folder.prepare(next.place)
            let inner = try await take(next, repository, place, outermost)
            if count == 1 { committed = try await repository.time(of: content.commit) }
            pending += inner
            if content.keepsGitDirectory { try await tidy(repository, next) }
        }
        let tree = GitTree(time: reference.fileTime == .checkout ? nil : committed)
        try await BlockingThread.run {
            try tree.move(content.subdirectory, of: folder.files, into: destination)
            try tree.normalize(destination)
        }
        return GitCheckout(content: content, committed: committed)
    }

    private struct Pending {
        let reference: GitReference
        let content: GitContent

        /// Below the files of the outermost repository.
        let place: ByteString
    }

    /// Fetches and checks out one repository; its submodules.
    private func take(
        _ next: Pending,
        _ repository: GitRepository,
        _ place: ByteString,
        _ outermost: RemoteURL?
    ) async throws -> [Pending] {
        try await repository.make()
        let remote = try await GitRemote.locate(
            next.reference,
            http,
            next.place.isEmpty ? .outermost : .submodule(of: outermost)
        )
        try await repository.fetch(next.content, from: remote)
        try await repository.checkOut(next.content.commit, into: place, about: remote.shown)
        guard next.content.hasSubmodules else { return [] }
        return try await GitSubmodule.find(of: next.content.commit, in: repository, next.reference).map { inner in
            Pending(
                reference: inner.reference,
                content: GitContent(commit: inner.commit),
                place: next.place.isEmpty ? inner.path : next.place.appendingPath(inner.path)
            )
        }
    }

    /// Leaves in `.git` what later commands want, and nothing that differs from one checkout to the next.
    private func tidy(_ repository: GitRepository, _ next: Pending) async throws {
        let about = "\(next.reference)"
        try await repository.run(["config", "--local", "core.bare", "false"], about: about)
        try await repository.run(
            ["config", "--local", "remote.origin.url", ByteString("\(next.reference)")],
            about: about
        )
        if let name = next.content.refName {
            let object = ByteString(next.content.tag ?? next.content.commit)
            let isBranch = name.hasPrefix("refs/heads/")
            let kept = isBranch ? ByteString(Array("refs/remotes/origin/".utf8) + name.bytes.dropFirst(11)) : name
            if isBranch || name.hasPrefix("refs/tags/") {
                try await repository.run(["update-ref", "--", kept, object], about: about)
            }
        }
        try await repository.run(["update-ref", "-d", "refs/slipway/target"], about: about)
        // The index holds times and numbers of files.
        try await repository.run(["read-tree", "--empty"], about: about)
        try await repository.run(["read-tree", ByteString(next.content.commit)], about: about)
    }

    private func program(home: ByteString) async throws -> GitProgram {
        let git = GitProgram(
            path: try GitProgram.find(in: environment),
            home: home,
            deadline: deadline,
            host: environment,
            ssh: ssh
        )
        try await git.checkVersion()
        return git
    }

    /// Branches go before tags, as in `git checkout`.
    private func find(
        _ reference: GitReference,
        _ repository: GitRepository,
        _ remote: GitRemote,
        _ content: GitContent
    ) async throws -> GitContent {
        var content = content
        let ref = reference.ref ?? "HEAD"
        let peeled = ByteString(ref.bytes + Array("^{}".utf8))
        let found = try await repository.list([ref, peeled], of: remote)
        let prefixes: [ByteString] =
            ref == "HEAD" || ref.hasPrefix("refs/") ? [""] : ["refs/heads/", "refs/tags/", "refs/"]
        for prefix in prefixes {
            let name = ByteString(prefix.bytes + ref.bytes)
            guard let object = found[name] else { continue }
            content.commit = object
            if let commit = found[ByteString(name.bytes + Array("^{}".utf8))], commit != object {
                content.commit = commit
                content.tag = object
            }
            content.refName = name
            return content
        }
        throw RemoteSourceError.gitReferenceNotFound(remote: remote.shown, name: "\(ref)")
    }
}
