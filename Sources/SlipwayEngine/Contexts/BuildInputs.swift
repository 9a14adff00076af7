import BuildContexts
import BuildInterface
import BuildSolving
import ByteStrings
import ContentStorage
import FileModel
import LayerSnapshots
import LinuxSystem
import RemoteSources

/// Everything that a build reads: its Dockerfile and its contexts, wherever they are.
///
/// What is not on this machine is brought here when it is first asked for, and once.
final class BuildInputs: Sendable {
    /// The build argument that keeps `.git` in a context that is a commit.
    private static let keepsGitArgument: ByteString = "BUILDKIT_CONTEXT_KEEP_GIT_DIR"

    let request: BuildRequest
    let session: Session
    let reporter: EventReporter
    let remotes: RemoteContents
    private let folders: ContextFolders
    private let opener: ContextOpener
    private let opened = SharedWork<ContextLocation, OpenedContext>()

    init(_ request: BuildRequest, engine: Engine, _ session: Session, _ reporter: EventReporter) {
        self.request = request
        self.session = session
        self.reporter = reporter
        remotes = RemoteContents(
            directory: engine.directory,
            session: session,
            database: engine.database,
            identity: RemoteContents.Identity(
                environment: engine.configuration.environment,
                secrets: request.secrets,
                agents: request.sshAgents,
                allowedHosts: request.allowedHosts
            )
        )
        folders = ContextFolders(engine: engine)
        opener = ContextOpener(session: session, remotes: remotes)
    }

    /// The Dockerfile of a request where it needs neither a session nor another machine; nil else.
    ///
    /// - Throws: `BuildFailure` saying where it was looked for, `CancellationError`.
    static func hostDockerfile(_ request: BuildRequest) async throws -> DockerfileReader? {
        switch (request.dockerfile, request.context) {
        case (.standardInput, .standardInput), (.url, _): return nil
        case (.standardInput, _):
            let bytes = try await StoppableReader.run { reader in
                try reader.readAll(StandardInput.descriptor, limit: DockerfileReader.sizeLimit)
            }
            return DockerfileReader(bytes)
        case (.path(let path), .folder): return try DockerfileReader(hostPath: path)
        case (.path(let path), .remote) where path.isAbsolutePath: return try DockerfileReader(hostPath: path)
        case (.defaultInContext, .folder(let folder)): return try DockerfileReader(inFolder: folder)
        case (.path, _), (.defaultInContext, _): return nil
        }
    }

    /// The Dockerfile where ``hostDockerfile(_:)`` has none.
    ///
    /// - Throws: `BuildFailure`, `CancellationError`.
    func dockerfile() async throws -> DockerfileReader {
        switch request.dockerfile {
        case .url(let address):
            // A Dockerfile that nobody looks at should not be passed over in silence.
            if request.context == .standardInput { _ = try await contextFiles() }
            let title = "[internal] load build definition from \(shown(address))"
            let (name, bytes) = try await reporter.vertex(title) { try await opener.dockerfile(address) }
            return DockerfileReader(bytes, named: name)
        case .path(let path):
            return try DockerfileReader(path, in: try await contextFiles(), try await context().place)
        case .standardInput:
            throw FailureText.usage("standard input cannot be both the context and the Dockerfile")
        case .defaultInContext:
            let context = try await context()
            switch context.content {
            case .dockerfile(let bytes): return DockerfileReader(bytes)
            case .files(let tree):
                return try await BlockingThread.run { try DockerfileReader(nil, in: tree, context.place) }
            }
        }
    }

    /// When the context was made, in seconds since 1970; nil for a folder of the host.
    ///
    /// - Throws: `BuildFailure`, `CancellationError`.
    func contextTime() async throws -> Int64? {
        if case .folder = request.context { return nil }
        return try await context().time.map { max(0, $0.seconds) }
    }

    /// The contexts for the steps of a build: folders of the host are opened now, others when a step reads from them.
    ///
    /// - Throws: `BuildFailure` for folders that are not there, `ContextError` for a bad ignore file.
    func contexts(dockerfile: DockerfileReader) throws -> BuildContextSet {
        var openings: [ByteString?: BuildContextSet.Opening] = [:]
        if case .folder(let path) = request.context {
            let folder = try folders.openMain(path, dockerfile: dockerfile.path)
            openings[nil] = { folder }
        } else {
            openings[nil] = { BuildContextSet.Folder(tree: try await self.contextFiles()) }
        }
        for context in request.namedContexts {
            openings[context.key] = try opening(of: context)
        }
        return BuildContextSet(opening: openings)
    }

    /// Keeps the hashes of files that are new.
    func save() throws {
        try folders.save()
    }

    private func opening(of context: NamedContext) throws -> BuildContextSet.Opening? {
        let opener = opener
        switch context.location {
        case .path(let path):
            guard let status = try FileStatus.at(hostPath: path, followingLinks: true) else {
                throw ContextFailure.noNamedContext(path, context.name)
            }
            if status.kind == .directory {
                let folder = try folders.open(path, status)
                return { folder }
            }
            guard status.kind == .regular else { throw ContextFailure.noArchive(path) }
            return {
                guard case .files(let tree) = try await opener.archive(path).content else {
                    throw ContextFailure.noArchive(path)
                }
                return BuildContextSet.Folder(tree: tree)
            }
        case .remote(let text):
            let address = try self.address(text, "use the build context `\(context.key)`")
            let (reporter, title) = (reporter, "[context \(context.key)] load \(shown(text))")
            return {
                let tree = try await reporter.vertex(title) { try await opener.named(context.key, address) }
                return BuildContextSet.Folder(tree: tree)
            }
        case .ociArchive, .dockerArchive, .ociLayout, .image, .stage: return nil
        }
    }

    /// The files of a context that is no folder of the host.
    private func contextFiles() async throws -> any FileTree {
        let context = try await context()
        switch context.content {
        case .files(let tree): return tree
        case .dockerfile where request.dockerfile == .defaultInContext: return try SnapshotView(layers: [])
        case .dockerfile: throw ContextFailure.twoDockerfiles(context.place)
        }
    }

    /// The context that is no folder of the host.
    private func context() async throws -> OpenedContext {
        try await opened.value(for: request.context) { [self] in
            switch request.context {
            case .folder(let path): throw ContextFailure.noFolder(path, nil)
            case .standardInput:
                return try await reporter.vertex("[internal] load build context from standard input") {
                    try await opener.standardInput()
                }
            case .remote(let text):
                let address = try address(text, "use the build context")
                return try await reporter.vertex("[internal] load build context from \(shown(text))") {
                    try await opener.remote(address, keepsGitDirectory: keepsGitDirectory)
                }
            }
        }
    }

    /// Source: Dockerfile reference, "BuildKit built-in build args"; the spellings of true are BuildKit's.
    private var keepsGitDirectory: Bool {
        let given = request.arguments.last { $0.name == Self.keepsGitArgument }?.value
        return given.map { ["1", "t", "T", "true", "TRUE", "True"].contains($0) } ?? false
    }

    private func address(_ text: ByteString, _ goal: String) throws -> RemoteAddress {
        do {
            return try RemoteAddress(text)
        } catch {
            throw ContextFailure.of(error, goal)
        }
    }

    /// An address for people, without what may be a password.
    private func shown(_ text: ByteString) -> String {
        switch try? RemoteAddress(text) {
        case .git(let reference): "\(reference)"
        case .url(let url): "\(url)"
        case nil: "an address"
        }
    }
}
