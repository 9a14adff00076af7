internal import Crypto

/// Computes a digest from bytes that arrive piece by piece.
package struct Digester: Sendable {
    // One of the two is there. Optionals are updated in place; the payload of an enum would be copied.
    private var sha256: SHA256?
    private var sha512: SHA512?

    /// How many bytes went in so far.
    package private(set) var byteCount: UInt64 = 0

    /// Starts with no bytes.
    package init(_ algorithm: DigestAlgorithm = .sha256) {
        switch algorithm {
        case .sha256: sha256 = SHA256()
        case .sha512: sha512 = SHA512()
        }
    }

    /// Adds bytes.
    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        byteCount += UInt64(bytes.count)
        sha256?.update(bufferPointer: bytes)
        sha512?.update(bufferPointer: bytes)
    }

    /// Adds bytes.
    package mutating func update(_ bytes: some Sequence<UInt8>) {
        let done: Void? = bytes.withContiguousStorageIfAvailable { update(UnsafeRawBufferPointer($0)) }
        if done == nil { Array(bytes).withUnsafeBytes { update($0) } }
    }

    /// The digest of all bytes so far; more may follow.
    package func finalize() -> Digest {
        if let sha512 { return Digest(.sha512, hash: sha512.finalize()) }
        return Digest(.sha256, hash: (sha256 ?? SHA256()).finalize())
    }
}
