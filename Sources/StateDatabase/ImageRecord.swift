package import FileModel
package import OCIModel
import GRDB

/// A name and the image it stands for.
package struct ImageRecord: Hashable, Sendable {
    /// The canonical reference, such as `docker.io/library/alpine:3.20`.
    package var name: String

    /// Media type, digest and size of the manifest.
    package var manifest: Descriptor

    /// The digest of the image's configuration, which Docker calls the image's id.
    package var configuration: Digest

    /// When the name was given, in whole seconds.
    package var created: Timestamp

    package init(name: String, manifest: Descriptor, configuration: Digest, created: Timestamp) {
        self.name = name
        self.manifest = manifest
        self.configuration = configuration
        self.created = created
    }
}

extension ImageRecord {
    static let columns = "name, manifest_digest, media_type, size, config_digest, created_at"

    /// Nil for a row that cannot be read.
    init?(_ row: Row) {
        var reader = RowReader(row)
        guard let name = reader.text(), let digest = reader.digest(), let mediaType = reader.text(),
            let size = reader.size(), let configuration = reader.digest(), let created = reader.time()
        else { return nil }
        self.init(
            name: name,
            manifest: Descriptor(mediaType: MediaType(rawValue: mediaType), digest: digest, size: size),
            configuration: configuration,
            created: created
        )
    }

    var arguments: StatementArguments {
        [
            name, manifest.digest.description, manifest.mediaType.rawValue, Int64(clamping: manifest.size),
            configuration.description, created.seconds,
        ]
    }
}
