import BuildInterface
import ByteStrings
import FileModel
import LinuxSystem
import RemoteSources

/// What the address of a context on another machine means.
enum RemoteAddress: Hashable, Sendable {
    case git(GitReference)
    case url(RemoteURL)

    /// - Throws: `RemoteSourceError`.
    init(_ text: ByteString) throws(RemoteSourceError) {
        if let reference = try GitReference(text) {
            self = .git(reference)
        } else {
            self = .url(try RemoteURL(text))
        }
    }

    /// Whether a folder of the host is meant, which goes before what only looks like an address: `github.com/…` and
    /// `user@host:path`.
    static func isFolder(_ text: ByteString) throws(SystemError) -> Bool {
        guard text.bytes.firstRange(of: "://".utf8) == nil else { return false }
        return try FileStatus.at(hostPath: text, followingLinks: true)?.kind == .directory
    }
}

extension BuildRequest {
    /// The same with folders where only the host tells folders from addresses.
    func settlingFolders() throws(SystemError) -> BuildRequest {
        var settled = self
        if case .remote(let text) = context, try RemoteAddress.isFolder(text) { settled.context = .folder(text) }
        for index in namedContexts.indices {
            guard case .remote(let text) = namedContexts[index].location, try RemoteAddress.isFolder(text) else {
                continue
            }
            settled.namedContexts[index].location = .path(text)
        }
        return settled
    }
}
