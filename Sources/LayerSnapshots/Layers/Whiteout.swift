import ByteStrings

/// What the name of a layer's member says about layers below.
///
/// Source: OCI image-spec v1.1, `layer.md`, "Whiteouts".
enum Whiteout: Hashable, Sendable {
    /// The entry of that name is deleted.
    case entry(ByteString)

    /// Everything that lower layers have in the member's directory is deleted.
    case opaque

    /// A note of a file system that is long gone, without a meaning.
    case ignored

    static let prefix: ByteString = ".wh."
    static let opaqueMarker: ByteString = ".wh..wh..opq"

    /// Nil for an ordinary name; throws `LayerError.invalidWhiteout` when what is deleted would be no entry.
    init?(name: ByteString, member: ByteString) throws(LayerError) {
        guard name.hasPrefix(Self.prefix) else { return nil }
        if name == Self.opaqueMarker {
            self = .opaque
            return
        }
        let deleted = ByteString(name.bytes.dropFirst(Self.prefix.count))
        guard !deleted.isEmpty, deleted != ".", deleted != ".." else { throw .invalidWhiteout(member) }
        self = deleted.hasPrefix(Self.prefix) ? .ignored : .entry(deleted)
    }
}
