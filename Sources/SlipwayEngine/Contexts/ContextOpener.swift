import BuildContexts
import BuildInterface
import BuildSolving
import ByteStrings
import ContentStorage
import FileModel
import LinuxSystem
import RemoteSources
import TarArchive

/// Brings contexts here that are no folders of the host, into the folder of a session.
struct ContextOpener: Sendable {
    let session: Session
    let remotes: RemoteContents

    /// What standard input holds: an archive, or a Dockerfile.
    ///
    /// - Throws: `BuildFailure` for nothing at all and for an archive that cannot be read, `CancellationError`.
    func standardInput() async throws -> OpenedContext {
        let folder = newFolder
        return try await StoppableReader.run { reader in
            let input = StandardInput.descriptor
            let prefix = try reader.readPrefix(input, count: ContextForm.probeLength)
            switch ContextForm(prefix: prefix) {
            case .nothing: throw ContextFailure.emptyInput
            case .text:
                let rest = try reader.readAll(input, limit: DockerfileReader.sizeLimit)
                return OpenedContext(place: "standard input", content: .dockerfile(prefix + rest))
            case .archive:
                return try Self.unpack(
                    input,
                    after: prefix,
                    into: folder,
                    reader,
                    place: "the archive on standard input"
                )
            }
        }
    }

    /// The files of an archive of the host.
    ///
    /// - Throws: `BuildFailure` for a file that is none, `CancellationError`.
    func archive(_ path: ByteString) async throws -> OpenedContext {
        let folder = newFolder
        return try await StoppableReader.run { reader in
            let file = try OwnedDescriptor.openFile(path, [.readOnly, .nonBlocking])
            let prefix = try reader.readPrefix(file.rawValue, count: ContextForm.probeLength)
            guard ContextForm(prefix: prefix) == .archive else { throw ContextFailure.noArchive(path) }
            return try Self.unpack(file.rawValue, after: prefix, into: folder, reader, place: "the archive `\(path)`")
        }
    }

    /// The files of a commit, or what a URL holds: an archive, or a Dockerfile.
    ///
    /// - Throws: `BuildFailure`, `CancellationError`.
    func remote(_ address: RemoteAddress, keepsGitDirectory: Bool) async throws -> OpenedContext {
        do {
            switch address {
            case .git(let reference): return try await commit(reference, keepsGitDirectory: keepsGitDirectory)
            case .url(let url):
                let content = try await fetch(url)
                let place = "`\(url)`"
                if let archive = try await unpack(content, place: place) { return archive }
                let bytes = try await text(content, place)
                return OpenedContext(place: place, content: .dockerfile(bytes), time: content.modified)
            }
        } catch let error as RemoteSourceError {
            throw ContextFailure.of(error, "load the build context")
        }
    }

    /// The same for a named context, where a file that is no archive is in a folder of its own, called `context`.
    ///
    /// Source: BuildKit, which gives files of URLs that name.
    func named(_ name: ByteString, _ address: RemoteAddress) async throws -> any FileTree {
        do {
            switch address {
            case .git(let reference):
                return try await checkout(reference, keepsGitDirectory: false).tree
            case .url(let url):
                let content = try await fetch(url)
                if let archive = try await unpack(content, place: "`\(url)`"), case .files(let tree) = archive.content {
                    return tree
                }
                return remotes.folder(with: content, named: "context")
            }
        } catch let error as RemoteSourceError {
            throw ContextFailure.of(error, "load the build context `\(name)`")
        }
    }

    /// The Dockerfile that a URL holds, and what the file is called.
    ///
    /// - Throws: `BuildFailure`, `CancellationError`.
    func dockerfile(_ address: ByteString) async throws -> (name: ByteString, bytes: [UInt8]) {
        do {
            let url = try RemoteURL(address)
            let content = try await fetch(url)
            return (content.fileName, try await text(content, "`\(url)`"))
        } catch let error as RemoteSourceError {
            throw ContextFailure.of(error, "read the Dockerfile")
        }
    }

    private func commit(_ reference: GitReference, keepsGitDirectory: Bool) async throws -> OpenedContext {
        let (tree, committed) = try await checkout(reference, keepsGitDirectory: keepsGitDirectory)
        return OpenedContext(place: "`\(reference)`", content: .files(tree), time: committed)
    }

    private func checkout(
        _ reference: GitReference,
        keepsGitDirectory: Bool
    ) async throws -> (tree: any FileTree, committed: Timestamp) {
        let content = try await remotes.commit(reference, keepsGitDirectory: keepsGitDirectory ? true : nil)
        let checkout = try await remotes.checkout(reference, at: content)
        return (try LocalContext(hostPath: checkout.folder), checkout.committed)
    }

    private func fetch(_ url: RemoteURL) async throws -> RemoteContent {
        let request = HTTPFetchRequest(url)
        let content = try await remotes.file(request)
        try await remotes.fetch(content, of: request)
        return content
    }

    /// The files of what was fetched; nil when it is no archive.
    private func unpack(_ content: RemoteContent, place: String) async throws -> OpenedContext? {
        let (remotes, folder) = (remotes, newFolder)
        return try await StoppableReader.run { reader in
            let file = try remotes.open(content)
            let prefix = try reader.readPrefix(file.rawValue, count: ContextForm.probeLength)
            guard ContextForm(prefix: prefix) == .archive else { return nil }
            var context = try Self.unpack(file.rawValue, after: prefix, into: folder, reader, place: place)
            context.time = content.modified ?? context.time
            return context
        }
    }

    private func text(_ content: RemoteContent, _ place: String) async throws -> [UInt8] {
        let limit = DockerfileReader.sizeLimit
        guard content.size <= UInt64(limit) else { throw ContextFailure.dockerfileTooLarge(place) }
        let remotes = remotes
        return try await BlockingThread.run { try remotes.open(content).readAll(limit: limit) }
    }

    /// A path in the session's folder where nothing is.
    private var newFolder: ByteString { session.path.appendingPath(session.makeName("context")) }

    private static func unpack(
        _ descriptor: CInt,
        after prefix: [UInt8],
        into folder: ByteString,
        _ reader: StoppableReader,
        place: String
    ) throws -> OpenedContext {
        var early = prefix[...]
        let source = ArchiveSource.closure { buffer in
            if early.isEmpty { return try reader.read(descriptor, into: buffer) }
            let part = early.prefix(buffer.count)
            buffer.copyBytes(from: part)
            early = early.dropFirst(part.count)
            return part.count
        }
        do {
            let tree = try ArchiveContext.unpack(from: source, into: folder)
            return OpenedContext(place: place, content: .files(tree), time: tree.newestFileTime)
        } catch let error as ArchiveError {
            throw ContextFailure.of("\(error)", in: place, hint: ContextFailure.hint(for: error))
        } catch let error as ContextError {
            throw ContextFailure.of("\(error)", in: place, hint: "make the archive anew without that member")
        } catch let error as SystemError {
            throw ContextFailure.of(
                "\(error)",
                in: place,
                hint: "it is unpacked into the state directory: see that there is room, or choose another with --root"
            )
        }
    }
}
