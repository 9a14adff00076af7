package import OCIModel
import LinuxSystem
import TarArchive

/// Takes the bytes of a blob, and hashes them on their way into a temporary file.
///
/// For one thread. Dropped without ``stage(expecting:size:)`` or ``commit(expecting:size:)`` it leaves nothing.
package final class BlobWriter: ByteSink {
    private let store: BlobStore
    private let file: TemporaryFile
    private let limit: UInt64
    private var digester = Digester(.sha256)
    private var buffer: [UInt8] = []

    /// How many bytes were written so far.
    package private(set) var size: UInt64 = 0

    /// Small writes, such as headers of a tar, are gathered up to this many bytes.
    private static let bufferSize = 256 << 10

    init(store: BlobStore, file: TemporaryFile, limit: UInt64?) throws {
        self.store = store
        self.file = file
        self.limit = limit ?? .max
    }

    /// Appends bytes.
    ///
    /// - Throws: ``StorageError/tooLarge(limit:)``, `SystemError` when the disk is full or fails.
    package func write(_ bytes: UnsafeRawBufferPointer) throws {
        guard UInt64(bytes.count) <= limit - size else { throw StorageError.tooLarge(limit: limit) }
        size += UInt64(bytes.count)
        if buffer.count + bytes.count < Self.bufferSize {
            buffer.append(contentsOf: bytes)
            return
        }
        try flush()
        if bytes.count >= Self.bufferSize {
            digester.update(bytes)
            try file.descriptor.write(all: bytes)
        } else {
            buffer.append(contentsOf: bytes)
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
        try flush()
        let actual = digester.finalize()
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

    private func flush() throws {
        if buffer.isEmpty { return }
        try buffer.withUnsafeBytes { bytes in
            digester.update(bytes)
            try file.descriptor.write(all: bytes)
        }
        buffer.removeAll(keepingCapacity: true)
    }
}
