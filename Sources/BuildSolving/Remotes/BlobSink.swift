import ContentStorage
import RemoteSources

/// Takes the bytes of a fetch into the store.
///
/// Unchecked, since whoever fetches promises that calls never overlap; see `FetchSink`.
final class BlobSink: FetchSink, @unchecked Sendable {
    private let blobs: BlobStore
    private let session: Session
    private var writer: BlobWriter?

    init(_ blobs: BlobStore, _ session: Session) {
        self.blobs = blobs
        self.session = session
    }

    func restart() throws {
        writer = try blobs.writer(in: session)
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        try writer?.write(bytes)
    }

    /// Makes the bytes of the last attempt, those of `content`, part of the store.
    func commit(_ content: RemoteContent) throws {
        _ = try writer?.commit(expecting: content.digest, size: content.size)
    }
}
