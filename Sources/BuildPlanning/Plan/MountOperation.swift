package import ByteStrings

/// One `--mount` of a RUN instruction, expanded and checked.
package struct MountOperation: Hashable, Sendable {
    /// What is mounted.
    package enum Kind: Hashable, Sendable {
        case bind(BindMount)
        case cache(CacheMount)

        /// An empty file system in memory of at most `size` bytes; nil means no limit of its own.
        case tmpfs(size: UInt64?, isReadOnly: Bool = false)

        case secret(SecretMount)
        case ssh(SSHMount)
    }

    package var kind: Kind

    /// The absolute, clean path of the mount; nil only for a secret that is an environment variable and no file.
    package var target: ByteString?

    package init(kind: Kind, target: ByteString?) {
        self.kind = kind
        self.target = target
    }

    /// The file system behind the mount; nil for the kinds that have none.
    package var origin: FileOrigin? {
        switch kind {
        case .bind(let bind): bind.origin
        case .cache(let cache): cache.origin
        case .tmpfs, .secret, .ssh: nil
        }
    }
}
