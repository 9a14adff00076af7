/// The layers of an image by the digests of their uncompressed tars.
///
/// Source: OCI image-spec, `config.md`, "rootfs".
package struct RootFS: Hashable, Sendable {
    /// Bottom layer first.
    package var diffIDs: [DiffID]

    package init(diffIDs: [DiffID] = []) {
        self.diffIDs = diffIDs
    }
}

extension RootFS: Codable {
    private enum Key: String, CodingKey {
        case type
        case diffIDs = "diff_ids"
    }

    /// Reads the object; its `type` must be `layers`.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let type = try container.decodeIfPresent(String.self, forKey: .type) ?? "layers"
        guard type == "layers" else { throw DocumentError.invalid("rootfs.type", "`\(type)` is not `layers`") }
        diffIDs = try container.decodeIfPresent([DiffID].self, forKey: .diffIDs) ?? []
    }

    /// Writes the object.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode("layers", forKey: .type)
        try container.encode(diffIDs, forKey: .diffIDs)
    }
}
