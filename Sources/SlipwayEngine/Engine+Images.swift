package import BuildInterface
import ContentStorage
import DockerfileSyntax
import FileModel
import ImageExport
import BuildPlanning
import LayerSnapshots
import LinuxSystem
package import OCIModel
import SourceDiagnostics
import StateDatabase

extension Engine {
    package func images() throws -> [StoredImage] {
        try database.images().compactMap { record in
            // An image whose blobs are damaged is not listed; using it says why.
            guard let image = try? AssembledImage(reading: record.manifest.digest, from: directory.blobs) else {
                return nil
            }
            return StoredImage(image, name: record.name)
        }
    }

    package func image(_ reference: String) throws -> StoredImage {
        let found = try find(reference)
        let image = try AssembledImage(reading: found.manifest.digest, from: directory.blobs)
        return StoredImage(image, name: found.name)
    }

    package func tag(_ reference: String, as name: ImageReference) throws {
        guard name.digest == nil else { throw FailureText.usage("`\(name)` has a digest, and cannot be a new name") }
        let lock = try directory.lockForUse()
        defer { withExtendedLifetime(lock) {} }
        let image = try assembledImage(reference)
        let session = try directory.makeSession()
        try put([name], for: image, session)
        try session.end { try database.isRecorded(tree: $0) }
    }

    package func remove(_ reference: String) throws -> [String] {
        let found = try find(reference)
        let names = try database.images().filter { $0.manifest.digest == found.manifest.digest }
        // A name takes itself away; a digest takes all names of the image.
        let isDigest = found.name == nil || (try? ImageReference(reference))?.canonicalName != found.name
        var removed: [String] = []
        for record in names where isDigest || record.name == found.name {
            if try database.removeImage(named: record.name) != nil { removed.append("Untagged: \(record.name)") }
        }
        try writeIndex()
        return removed + (try StoreCollector(engine: self).collect().map { "Deleted: \($0)" })
    }

    /// The documents of an image by name, digest or unique beginning of a digest.
    func assembledImage(_ reference: String) throws -> AssembledImage {
        try AssembledImage(reading: try find(reference).manifest.digest, from: directory.blobs)
    }

    /// Gives names to an image whose blobs are in the store, and remembers its layers.
    func put(_ names: [ImageReference], for image: AssembledImage, _ session: Session) throws {
        try remember(image)
        try record(names, for: image)
        if !names.isEmpty { try writeIndex(session) }
    }

    /// Brings back the names of images after the database was lost, from the index that is written beside it.
    func restoreNames() throws {
        for entry in try OCILayoutIndex(directory).read() {
            guard let name = entry.name,
                let image = try? AssembledImage(reading: entry.manifest.digest, from: directory.blobs)
            else { continue }
            try remember(image)
            try record([name], for: image)
        }
    }

    private func record(_ names: [ImageReference], for image: AssembledImage) throws {
        let now = WallClock.now
        try database.put(
            names.map { name in
                ImageRecord(
                    name: name.canonicalName,
                    manifest: image.manifest,
                    configuration: image.document.config.digest,
                    created: now
                )
            }
        )
    }

    /// Tells other programs, through the layout's index, what the database says.
    private func writeIndex(_ given: Session? = nil) throws {
        let session = try given ?? directory.makeSession()
        let images = try database.images().map { record in
            LayoutImage(manifest: record.manifest, name: try? ImageReference(record.name))
        }
        try OCILayoutIndex(directory).write(images, in: session)
        if given == nil { try session.end { try database.isRecorded(tree: $0) } }
    }

    private func find(_ reference: String) throws -> (manifest: Descriptor, name: String?) {
        let records = try database.images()
        if let name = try? ImageReference(reference) {
            if let record = records.first(where: { $0.name == name.canonicalName }) {
                return (record.manifest, record.name)
            }
            if let digest = name.digest, let record = records.first(where: { $0.manifest.digest == digest }) {
                return (record.manifest, record.name)
            }
        }
        let hex = reference.hasPrefix("sha256:") ? String(reference.dropFirst("sha256:".count)) : reference
        if hex.utf8.count >= 4, hex.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }) {
            let matching = records.filter {
                $0.manifest.digest.hex.hasPrefix(hex) || $0.configuration.hex.hasPrefix(hex)
            }
            if Set(matching.map(\.manifest.digest)).count > 1 { throw ImageFailure.ambiguous(reference) }
            if let record = matching.first { return (record.manifest, matching.count == 1 ? record.name : nil) }
        }
        // An image that never got a name, or lost it, goes by its digest as long as its blobs are there.
        if let digest = try? Digest("sha256:\(hex)"),
            let image = try? AssembledImage(reading: digest, from: directory.blobs)
        {
            return (image.manifest, nil)
        }
        let known = records.compactMap { try? ImageReference($0.name) }
        let wanted = (try? ImageReference(reference))?.familiarName ?? reference
        let near = Suggestion.closest(to: wanted, among: known.map(\.familiarName))
        throw ImageFailure.notFound(reference, candidates: near.map { [$0] } ?? [])
    }
}

extension StoredImage {
    init(_ image: AssembledImage, name: String?) {
        self.init(
            name: name,
            manifestDigest: image.manifest.digest,
            manifest: image.document,
            configuration: image.configuration
        )
    }
}
