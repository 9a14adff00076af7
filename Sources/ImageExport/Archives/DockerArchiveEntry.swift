import ByteStrings
import OCIModel

/// One image of a Docker archive: an element of `manifest.json`.
///
/// Source: Docker Image Specification 1.2, "Combined Image JSON + Filesystem Changeset Format".
struct DockerArchiveEntry: Hashable, Sendable, Codable {
    /// The path of the configuration in the archive.
    var config: String

    /// Names with tags; nil and empty mean none.
    var repoTags: [String]?

    /// The paths of the layers in the archive, the lowest first.
    var layers: [String]?

    private enum CodingKeys: String, CodingKey {
        case config = "Config"
        case repoTags = "RepoTags"
        case layers = "Layers"
    }

    init(_ image: ExportedImage) {
        config = ArchivePlan.path(of: image.image.document.config.digest).description
        repoTags = image.names.filter { $0.tag != nil && $0.digest == nil }.map(\.familiarName)
        layers = image.image.document.layers.map { ArchivePlan.path(of: $0.digest).description }
    }
}
