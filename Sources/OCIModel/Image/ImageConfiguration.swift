/// What an image is made of, how it came to be, and how to run it.
///
/// Source: OCI image-spec, `config.md`.
package struct ImageConfiguration: Hashable, Sendable {
    /// A time of RFC 3339, or nil when the image does not say.
    package var created: String?
    package var author: String?
    package var architecture: String
    package var os: String
    package var osVersion: String?
    package var osFeatures: [String]?
    package var variant: String?
    package var config: ContainerConfiguration
    package var rootfs: RootFS

    /// Bottom first; entries with a layer come in the order of the layers.
    package var history: [History]

    package init(
        created: String? = nil,
        author: String? = nil,
        architecture: String,
        os: String,
        osVersion: String? = nil,
        osFeatures: [String]? = nil,
        variant: String? = nil,
        config: ContainerConfiguration = ContainerConfiguration(),
        rootfs: RootFS = RootFS(),
        history: [History] = []
    ) {
        self.created = created
        self.author = author
        self.architecture = architecture
        self.os = os
        self.osVersion = osVersion
        self.osFeatures = osFeatures
        self.variant = variant
        self.config = config
        self.rootfs = rootfs
        self.history = history
    }

    /// What the image runs on, in the normal form.
    package var platform: Platform {
        Platform(os: os, architecture: architecture, variant: variant, osVersion: osVersion, osFeatures: osFeatures)
    }
}

extension ImageConfiguration: Codable {
    private enum Key: String, CodingKey {
        case created, author, architecture, os, variant, config, rootfs, history
        case osVersion = "os.version"
        case osFeatures = "os.features"
    }

    /// Reads the document.
    ///
    /// - Throws: ``DocumentError`` or `DecodingError`.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        created = try container.decodeIfPresent(String.self, forKey: .created)
        author = try container.decodeIfPresent(String.self, forKey: .author)
        architecture = try container.decode(String.self, forKey: .architecture)
        os = try container.decode(String.self, forKey: .os)
        osVersion = try container.decodeIfPresent(String.self, forKey: .osVersion)
        osFeatures = try container.decodeIfPresent([String].self, forKey: .osFeatures)
        variant = try container.decodeIfPresent(String.self, forKey: .variant)
        config =
            try container.decodeIfPresent(ContainerConfiguration.self, forKey: .config) ?? ContainerConfiguration()
        rootfs = try container.decode(RootFS.self, forKey: .rootfs)
        history = try container.decodeIfPresent([History].self, forKey: .history) ?? []
    }

    /// Writes the document; what is nil or empty is left out, except the required objects.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encodeIfPresent(created, forKey: .created)
        try container.encodeIfPresent(author.nonEmpty, forKey: .author)
        try container.encode(architecture, forKey: .architecture)
        try container.encode(os, forKey: .os)
        try container.encodeIfPresent(osVersion.nonEmpty, forKey: .osVersion)
        try container.encodeIfPresent(osFeatures.nonEmpty, forKey: .osFeatures)
        try container.encodeIfPresent(variant.nonEmpty, forKey: .variant)
        try container.encode(config, forKey: .config)
        try container.encode(rootfs, forKey: .rootfs)
        if !history.isEmpty { try container.encode(history, forKey: .history) }
    }
}
