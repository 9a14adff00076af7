import BuildContexts
import BuildPlanning
import ByteStrings
import FileModel
import LinuxSystem
import OCIModel
import RemoteSources

/// What a remote source of an ADD was found to be.
///
/// Nothing of it need be on this machine; ``tree(_:)`` sees to that.
struct FetchedSource: Sendable {
    private enum Found: Sendable {
        /// The file that the URL has now.
        case file(HTTPFetchRequest, RemoteContent)

        /// A file whose content the Dockerfile names, so that nobody was asked.
        case knownFile(HTTPFetchRequest, Digest)
        case commit(GitReference, GitContent)
    }

    private let found: Found

    /// Asks what is there now, unless the Dockerfile says.
    ///
    /// - Throws: As ``RemoteContents``.
    static func find(_ source: RemoteSource, _ remotes: RemoteContents) async throws -> FetchedSource {
        switch source.kind {
        case .url:
            let checksum = try source.checksum.map { try Digest($0.description) }
            let request = HTTPFetchRequest(try RemoteURL(source.address), checksum: checksum)
            if let checksum { return FetchedSource(found: .knownFile(request, checksum)) }
            return FetchedSource(found: .file(request, try await remotes.file(request)))
        case .git:
            guard let reference = try GitReference(source.address) else {
                throw RemoteSourceError.badGitReference(
                    source.shownAddress.description,
                    reason: "it is neither a URL nor `user@host:path`"
                )
            }
            let content = try await remotes.commit(
                reference,
                keepsGitDirectory: source.keepsGitDirectory,
                checksum: source.checksum?.description
            )
            return FetchedSource(found: .commit(reference, content))
        }
    }

    /// What decides the bytes that are added, as text without what is secret.
    var key: String {
        switch found {
        case .file(_, let content):
            let time = content.modified.map { "\($0.seconds)" } ?? "-"
            return "file \(content.digest) \(time) \(hex(content.fileName))"
        case .knownFile(let request, let checksum):
            return "checksum \(checksum) \(CachedResponse.key(for: request.url))"
        case .commit(let reference, let content):
            let fields = [
                "commit", content.commit, content.tag ?? "-", content.refName.map(hex) ?? "-",
                hex(content.subdirectory), content.hasSubmodules ? "submodules" : "-",
                reference.fileTime?.rawValue ?? "-",
            ]
            // What is in `.git` tells where it came from, without a password.
            let origin = content.keepsGitDirectory ? " .git \(hex(ByteString("\(reference)")))" : ""
            return fields.joined(separator: " ") + origin
        }
    }

    /// The files, and the path among them that the instruction names.
    ///
    /// - Throws: As ``RemoteContents``.
    func tree(_ remotes: RemoteContents) async throws -> CopyLayer.Remote {
        switch found {
        case .file(let request, let content):
            return try await Self.file(content, request, remotes)
        case .knownFile(let request, _):
            return try await Self.file(try await remotes.file(request), request, remotes)
        case .commit(let reference, let content):
            let checkout = try await remotes.checkout(reference, at: content)
            return CopyLayer.Remote(
                tree: try LocalContext(hostPath: checkout.folder, ignore: IgnoreMatcher([])),
                path: "/"
            )
        }
    }

    private static func file(
        _ content: RemoteContent,
        _ request: HTTPFetchRequest,
        _ remotes: RemoteContents
    ) async throws -> CopyLayer.Remote {
        try await remotes.fetch(content, of: request)
        return CopyLayer.Remote(
            tree: FetchedFile(content, remotes),
            path: ByteString("/") + content.fileName.escapedPattern
        )
    }

    private func hex(_ bytes: ByteString) -> String {
        bytes.bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
