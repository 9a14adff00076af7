import ByteStrings
import ContentStorage
import OCIModel

/// What an image archive will hold, in the order in which it is written.
struct ArchivePlan {
    enum Content {
        case directory
        case document([UInt8])
        case blob(Descriptor)
    }

    /// By path, in ascending order: parents before children, and equal images give equal archives.
    let members: [(path: ByteString, content: Content)]

    /// An OCI image layout.
    static func ociLayout(_ images: [ExportedImage]) throws -> ArchivePlan {
        try ArchivePlan(images, documents: [:])
    }

    /// An OCI image layout that is a Docker archive as well.
    static func dockerArchive(_ images: [ExportedImage]) throws -> ArchivePlan {
        try ArchivePlan(
            images,
            documents: ["manifest.json": CanonicalJSON.encode(images.map(DockerArchiveEntry.init))]
        )
    }

    private init(_ images: [ExportedImage], documents: [ByteString: [UInt8]]) throws {
        var members: [ByteString: Content] = ["blobs": .directory, "blobs/sha256": .directory]
        for image in images {
            for blob in image.image.blobs { members[Self.path(of: blob.digest)] = .blob(blob) }
        }
        members["oci-layout"] = .document(OCILayoutIndex.layoutFile)
        members["index.json"] = .document(
            try CanonicalJSON.encode(ImageIndex(manifests: images.flatMap(\.indexEntries)))
        )
        for (name, bytes) in documents { members[name] = .document(bytes) }
        self.members = members.sorted { $0.key < $1.key }.map { (path: $0.key, content: $0.value) }
    }

    static func path(of digest: Digest) -> ByteString {
        ByteString("blobs/\(digest.algorithm.rawValue)/\(digest.hex)")
    }
}
