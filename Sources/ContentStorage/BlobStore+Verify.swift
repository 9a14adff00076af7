package import ByteStrings
package import OCIModel
import FileModel
import LinuxSystem

/// What is wrong with a file among the blobs.
package enum BlobDamage: Hashable, Sendable {
    /// The bytes have another digest than the name says.
    case changed(Digest, actual: Digest)

    /// No blob can have this name, or it is no regular file.
    case foreign(ByteString)

    /// The file cannot be read; the text says why.
    case unreadable(Digest, reason: String)
}

extension BlobStore {
    /// All blobs with their sizes, in ascending order of their digests; files that are none are left out.
    package func list() throws -> [StoredBlob] {
        try directory.entries().compactMap { entry in
            guard let digest = Self.digest(named: entry.name),
                let status = try directory.statusIfPresent(of: entry.name), status.kind == .regular
            else { return nil }
            return StoredBlob(digest: digest, size: status.size)
        }
    }

    /// Hashes every blob again.
    ///
    /// - Returns: One value for each file that is not what it should be; empty means all is well.
    package func verify() throws -> [BlobDamage] {
        var damage: [BlobDamage] = []
        for entry in try directory.entries() {
            guard let digest = Self.digest(named: entry.name) else {
                damage.append(.foreign(entry.name))
                continue
            }
            do {
                try copy(digest) { _ in }
            } catch StorageError.wrongDigest(_, let actual) {
                damage.append(.changed(digest, actual: actual))
            } catch StorageError.missingBlob {
                // Removed meanwhile, or a folder or a link.
                if try directory.statusIfPresent(of: entry.name) != nil { damage.append(.foreign(entry.name)) }
            } catch let error as SystemError {
                damage.append(.unreadable(digest, reason: error.description))
            }
        }
        return damage
    }

    private static func digest(named name: ByteString) -> Digest? {
        name.validatedString.flatMap { try? Digest("sha256:\($0)") }
    }
}
