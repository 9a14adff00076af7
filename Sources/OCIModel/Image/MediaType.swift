/// What a blob is, in the words of OCI or Docker.
///
/// Source: OCI image-spec, `media-types.md`; Docker image manifest version 2, schema 2.
package struct MediaType: RawRepresentable, Hashable, Sendable {
    package var rawValue: String

    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    package static let imageIndex = MediaType(rawValue: "application/vnd.oci.image.index.v1+json")
    package static let imageManifest = MediaType(rawValue: "application/vnd.oci.image.manifest.v1+json")
    package static let imageConfig = MediaType(rawValue: "application/vnd.oci.image.config.v1+json")
    package static let layerTar = MediaType(rawValue: "application/vnd.oci.image.layer.v1.tar")
    package static let layerTarGzip = MediaType(rawValue: "application/vnd.oci.image.layer.v1.tar+gzip")
    package static let layerTarZstd = MediaType(rawValue: "application/vnd.oci.image.layer.v1.tar+zstd")

    package static let dockerManifestList = MediaType(
        rawValue: "application/vnd.docker.distribution.manifest.list.v2+json"
    )
    package static let dockerManifest = MediaType(rawValue: "application/vnd.docker.distribution.manifest.v2+json")
    package static let dockerConfig = MediaType(rawValue: "application/vnd.docker.container.image.v1+json")
    package static let dockerLayerTar = MediaType(rawValue: "application/vnd.docker.image.rootfs.diff.tar")
    package static let dockerLayerTarGzip = MediaType(rawValue: "application/vnd.docker.image.rootfs.diff.tar.gzip")
    package static let dockerLayerTarZstd = MediaType(rawValue: "application/vnd.docker.image.rootfs.diff.tar.zstd")

    /// Whether the blob lists manifests.
    package var isIndex: Bool {
        self == .imageIndex || self == .dockerManifestList
    }

    /// Whether the blob is the manifest of one image.
    package var isManifest: Bool {
        self == .imageManifest || self == .dockerManifest
    }

    /// Whether the blob is the configuration of an image.
    package var isConfig: Bool {
        self == .imageConfig || self == .dockerConfig
    }

    /// How a layer is compressed, or nil when this is no type of a layer.
    ///
    /// The types of layers that must not be distributed count too.
    package var layerCompression: LayerCompression? {
        Self.layers[rawValue]
    }

    /// Docker's name for the same thing, or this type when Docker has none.
    package var dockerEquivalent: MediaType {
        Self.pairs.first { $0.oci == self }?.docker ?? self
    }

    /// The name OCI gives the same thing, or this type when OCI has none.
    package var ociEquivalent: MediaType {
        Self.pairs.first { $0.docker == self }?.oci ?? self
    }

    private static let layers: [String: LayerCompression] = [
        layerTar.rawValue: .uncompressed, layerTarGzip.rawValue: .gzip, layerTarZstd.rawValue: .zstd,
        dockerLayerTar.rawValue: .uncompressed, dockerLayerTarGzip.rawValue: .gzip, dockerLayerTarZstd.rawValue: .zstd,
        "application/vnd.oci.image.layer.nondistributable.v1.tar": .uncompressed,
        "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip": .gzip,
        "application/vnd.oci.image.layer.nondistributable.v1.tar+zstd": .zstd,
        "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip": .gzip,
    ]

    private static let pairs: [(oci: MediaType, docker: MediaType)] = [
        (imageIndex, dockerManifestList), (imageManifest, dockerManifest), (imageConfig, dockerConfig),
        (layerTar, dockerLayerTar), (layerTarGzip, dockerLayerTarGzip), (layerTarZstd, dockerLayerTarZstd),
    ]
}

extension MediaType: CustomStringConvertible {
    /// The type as documents spell it.
    package var description: String { rawValue }
}

extension MediaType: Codable {
    /// Reads the text of the type.
    package init(from decoder: any Decoder) throws {
        rawValue = try decoder.singleValueContainer().decode(String.self)
    }

    /// Writes the text of the type.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }
}
