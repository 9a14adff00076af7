package import OCIModel
import LinuxSystem
import TarArchive

/// Takes the bytes of a blob, and hashes them on their way into a temporary file.
///
/// Large ones are hashed and written by another thread meanwhile.
/// For one thread. Dropped without ``stage(expecting:size:)`` or ``commit(expecting:size:)`` it leaves nothing.
package final class BlobWriter: ByteSink {
    private let store: BlobStore
    private let file: TemporaryFile
    private let limit: UInt64
    private let pieces: PieceWriter
    private var buffer: [UInt8] = []

    /// How many bytes were written so far.
    package private(set) var size: UInt64 = 0

    /// Bytes are gathered up to this many before they are handed on.
    private static let pieceSize = 1 << 20

    init(store: BlobStore, file: TemporaryFile, limit: UInt64?) throws {
        self.store = store
        self.file = file
        self.limit = limit ?? .max
        pieces = PieceWriter(file)
    }

    deinit {
        pieces.stop()
    }

    /// Appends bytes.
    ///
    /// - Throws: ``StorageError/tooLarge(limit:)``, `SystemError` when the disk is full or fails.
    package func write(_ bytes: UnsafeRawBufferPointer) throws {
        guard UInt64(bytes.count) <= limit - size else { throw StorageError.tooLarge(limit: limit) }
        size += UInt64(bytes.count)
        var rest = bytes[...]
        while !rest.isEmpty {
            let part = rest.prefix(Self.pieceSize - buffer.count)
            buffer.append(contentsOf: UnsafeRawBufferPointer(rebasing: part))
            rest = rest.dropFirst(part.count)
            guard buffer.count == Self.pieceSize else { return }
            try pieces.submit(buffer)
            buffer = []
            buffer.reserveCapacity(Self.pieceSize)
        }
    }

    /// Appends bytes.
    package func write(_ bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes { try write($0) }
    }

    /// Ends the blob without publishing it.
    ///
    /// - Throws: ``StorageError/wrongSize(_:expected:actual:)`` or ``StorageError/wrongDigest(expected:actual:)`` when
    ///   the bytes are not the expected ones; `SystemError`.
    package func stage(expecting digest: Digest? = nil, size expectedSize: UInt64? = nil) throws -> StagedBlob {
        let actual = try pieces.finish(buffer)
        buffer = []
        if let expectedSize, expectedSize != size {
            throw StorageError.wrongSize(digest ?? actual, expected: expectedSize, actual: size)
        }
        if let digest, digest != actual {
            throw StorageError.wrongDigest(expected: digest, actual: actual)
        }
        return StagedBlob(digest: actual, size: size, file: file)
    }

    /// Ends the blob and makes it part of the store.
    ///
    /// - Throws: As ``stage(expecting:size:)`` and `BlobStore.publish(_:)`.
    package func commit(expecting digest: Digest? = nil, size expectedSize: UInt64? = nil) throws -> StoredBlob {
        let staged = try stage(expecting: digest, size: expectedSize)
        try store.publish([staged])
        return staged.stored
    }
}
