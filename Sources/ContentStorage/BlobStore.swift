package import LinuxSystem
package import OCIModel
import ByteStrings
import FileModel
import SystemPackage

/// Blobs by digest: `oci/blobs/sha256/<hex>`.
///
/// A blob under its name is whole: it was written elsewhere, flushed, and renamed. What is read whole is checked against
/// its digest, so damage of the disk ends in an error and never in an image.
///
/// Source: OCI Image Format Specification 1.1, "Image Layout".
package final class BlobStore: Sendable {
    let directory: OwnedDescriptor

    /// How much is read and hashed at a time.
    static let chunkSize = 1 << 20

    init(directory: consuming OwnedDescriptor) {
        self.directory = directory
    }

    /// Whether there is a blob of this digest.
    package func contains(_ digest: Digest) throws -> Bool {
        try size(of: digest) != nil
    }

    /// The number of bytes of a blob, or nil when there is none.
    ///
    /// - Throws: ``StorageError/unsupportedAlgorithm(_:)``, `SystemError`.
    package func size(of digest: Digest) throws -> UInt64? {
        guard let status = try directory.statusIfPresent(of: try name(of: digest)) else { return nil }
        return status.kind == .regular ? status.size : nil
    }

    /// Opens a blob for reading.
    ///
    /// With `size`, the file must be as long. The bytes are not checked; whoever reads them all should use
    /// ``copy(_:size:to:)``.
    ///
    /// - Throws: ``StorageError/missingBlob(_:)``, ``StorageError/wrongSize(_:expected:actual:)``, `SystemError`.
    package func open(_ digest: Digest, size: UInt64? = nil) throws -> OwnedDescriptor {
        let file = try openFile(digest)
        let status = try file.status()
        guard status.kind == .regular else { throw StorageError.missingBlob(digest) }
        if let size, status.size != size {
            throw StorageError.wrongSize(digest, expected: size, actual: status.size)
        }
        return file
    }

    /// The bytes of a small blob, checked against its digest.
    ///
    /// - Throws: ``StorageError/tooLarge(limit:)`` for more than `limit` bytes; as ``copy(_:size:to:)``.
    package func readAll(_ digest: Digest, limit: Int = 4 << 20) throws -> [UInt8] {
        let file = try open(digest)
        guard try file.size() <= UInt64(clamping: limit) else {
            throw StorageError.tooLarge(limit: UInt64(clamping: limit))
        }
        let bytes = try file.readAll(limit: limit)
        let actual = Digest.sha256(of: bytes)
        guard actual == digest else { throw StorageError.wrongDigest(expected: digest, actual: actual) }
        return bytes
    }

    /// Hands out all bytes of a blob in order, and checks size and digest on the way.
    ///
    /// When this throws, what was handed out must not be used.
    ///
    /// - Throws: ``StorageError/wrongDigest(expected:actual:)`` after the last byte; as ``open(_:size:)``; what `body`
    ///   throws.
    package func copy(_ digest: Digest, size: UInt64? = nil, to body: (UnsafeRawBufferPointer) throws -> Void) throws {
        let file = try open(digest, size: size)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.chunkSize, alignment: 4096)
        defer { buffer.deallocate() }
        var digester = Digester(.sha256)
        while true {
            let count = try file.read(into: buffer)
            if count == 0 { break }
            let chunk = UnsafeRawBufferPointer(rebasing: buffer[..<count])
            digester.update(chunk)
            try body(chunk)
        }
        let actual = digester.finalize()
        guard actual == digest else { throw StorageError.wrongDigest(expected: digest, actual: actual) }
    }

    /// Removes a blob; one that is not there is well.
    package func remove(_ digest: Digest) throws {
        do {
            try directory.removeFile(try name(of: digest))
        } catch let error as SystemError where error.errno == .noSuchFileOrDirectory {
        }
    }

    private func openFile(_ digest: Digest) throws -> OwnedDescriptor {
        let name = try name(of: digest)
        do {
            return try directory.openChild(name, [.readOnly, .nonBlocking])
        } catch {
            let isMissing = error.errno == .noSuchFileOrDirectory || error.errno == .tooManySymbolicLinkLevels
            if isMissing { throw StorageError.missingBlob(digest) }
            throw error
        }
    }

    func name(of digest: Digest) throws(StorageError) -> ByteString {
        guard digest.algorithm == .sha256 else { throw .unsupportedAlgorithm(digest) }
        return ByteString(digest.hex)
    }
}
