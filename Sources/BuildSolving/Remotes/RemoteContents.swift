package import BuildInterface
package import ByteStrings
package import ContentStorage
package import LinuxSystem
package import RemoteSources
package import StateDatabase
import Synchronization

/// What a build takes from other machines: each thing is asked for once, and files are kept in the store.
///
/// Nothing is opened or started before something is asked for.
package final class RemoteContents: Sendable {
    /// Who asks, and with which keys.
    package struct Identity: Sendable {
        /// Variables of the caller: proxies, certificates, the search path.
        package var environment: [ByteString: ByteString]
        package var secrets: [BuildSecret]
        package var agents: [BuildSSHAgent]

        /// Hosts that are reached whatever their addresses are, in lower case.
        package var allowedHosts: Set<String>

        package init(
            environment: [ByteString: ByteString],
            secrets: [BuildSecret] = [],
            agents: [BuildSSHAgent] = [],
            allowedHosts: Set<String> = []
        ) {
            self.environment = environment
            self.secrets = secrets
            self.agents = agents
            self.allowedHosts = allowedHosts
        }
    }

    private let directory: StateDirectory
    private let session: Session
    private let database: StateDatabase
    private let identity: Identity
    private let fetcher = Mutex<HTTPFetcher?>(nil)
    private let files = SharedWork<HTTPFetchRequest, RemoteContent>()
    private let commits = SharedWork<CommitQuestion, GitContent>()
    private let checkouts = SharedWork<CheckoutQuestion, RemoteCheckout>()

    private struct CommitQuestion: Hashable {
        let reference: GitReference
        let keepsGitDirectory: Bool?
        let checksum: String?
    }

    private struct CheckoutQuestion: Hashable {
        let reference: GitReference
        let content: GitContent
    }

    /// Prepares for one build; `session` holds what is fetched until it is whole, and checkouts until the build ends.
    package init(directory: StateDirectory, session: Session, database: StateDatabase, identity: Identity) {
        self.directory = directory
        self.session = session
        self.database = database
        self.identity = identity
    }

    /// What a URL holds now, as its server says.
    ///
    /// - Throws: `RemoteSourceError`, what the store and secrets throw, or `CancellationError`.
    package func file(_ request: HTTPFetchRequest) async throws -> RemoteContent {
        try await files.value(for: request) { try await self.ask(request) }
    }

    /// Sees to it that the store has the bytes of what a URL was found to hold.
    ///
    /// - Throws: As ``file(_:)``; `SolveFailure` when the server has others by now.
    package func fetch(_ content: RemoteContent, of request: HTTPFetchRequest) async throws {
        if try directory.blobs.size(of: content.digest) == content.size { return }
        var request = request
        request.wantsBytes = true
        guard try await file(request).digest == content.digest else {
            throw SolveFailure("`\(request.url)` changed while it was being built from")
        }
    }

    /// Opens the bytes of a file, once ``fetch(_:of:)`` has seen to them.
    ///
    /// - Throws: `StorageError`, `SystemError`.
    package func open(_ content: RemoteContent) throws -> OwnedDescriptor {
        try directory.blobs.open(content.digest, size: content.size)
    }

    /// The commit that a reference means now.
    ///
    /// `keepsGitDirectory` and `checksum` are the flags of an ADD; nil means what the reference says.
    ///
    /// - Throws: As ``file(_:)``, `CommandError` and `SystemError`.
    package func commit(
        _ reference: GitReference,
        keepsGitDirectory: Bool? = nil,
        checksum: String? = nil
    ) async throws -> GitContent {
        let question = CommitQuestion(
            reference: reference,
            keepsGitDirectory: keepsGitDirectory,
            checksum: checksum
        )
        return try await commits.value(for: question) {
            try await self.git().resolve(
                reference,
                keepsGitDirectory: keepsGitDirectory,
                checksum: checksum,
                scratch: self.session.path
            )
        }
    }

    /// The files of a commit, in a folder that goes with the session.
    ///
    /// - Throws: As ``commit(_:keepsGitDirectory:checksum:)``.
    package func checkout(_ reference: GitReference, at content: GitContent) async throws -> RemoteCheckout {
        try await checkouts.value(for: CheckoutQuestion(reference: reference, content: content)) {
            let folder = self.session.path.appendingPath(self.session.makeName("checkout"))
            _ = try OwnedDescriptor.makeDirectories(folder, permissions: 0o700)
            let checkout = try await self.git().checkOut(
                reference,
                at: content,
                into: folder,
                scratch: self.session.path
            )
            return RemoteCheckout(folder: folder, committed: checkout.committed)
        }
    }

    private func ask(_ request: HTTPFetchRequest) async throws -> RemoteContent {
        let sink = BlobSink(directory.blobs, session)
        let result = try await http().fetch(request, into: sink)
        if !result.isUnchanged { try await BlockingThread.run { try sink.commit(result.content) } }
        return result.content
    }

    private func http() throws -> HTTPFetcher {
        try fetcher.withLock { known in
            if let known { return known }
            var options = HTTPOptions()
            options.addresses.allowedHosts = identity.allowedHosts
            options.certificates = identity.environment["SSL_CERT_FILE"]
            let identity = identity
            let made = HTTPFetcher(
                options: options,
                proxies: try ProxySettings(environment: identity.environment),
                cache: database,
                secrets: { try SecretValue.read(ByteString($0), identity.secrets, identity.environment) }
            )
            known = made
            return made
        }
    }

    private func git() throws -> GitFetcher {
        let agent = identity.agents.last { $0.id == "default" }
        // ssh itself asks for the home of the user it runs as, who may be root of a user namespace.
        let home = identity.environment["HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
        return GitFetcher(
            http: try http(),
            environment: identity.environment,
            ssh: GitSSH(agentSocket: agent?.socket, knownHosts: home?.appendingPath(".ssh/known_hosts"))
        )
    }
}
