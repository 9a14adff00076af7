package import ByteStrings
package import ContentStorage
import LinuxSystem
import SystemPackage
import OCIModel

/// Writes images of the store into an OCI image layout that is a folder.
///
/// A layout that is there keeps its other images; a name that it knows moves to the new image.
package struct ImageLayoutExporter: Sendable {
    private let blobs: BlobStore

    package init(blobs: BlobStore) {
        self.blobs = blobs
    }

    /// Writes into the folder at a path of the host, and makes it when there is none.
    ///
    /// The index comes last, so a layout never names what is not there yet.
    ///
    /// - Throws: `SystemError`; `StorageError` for a missing or damaged blob; ``ExportError/badDocument(_:reason:)``
    ///   when the folder has an `index.json` that is none.
    package func write(_ images: [ExportedImage], to hostPath: ByteString) throws {
        let folder = try OwnedDescriptor.makeDirectories(hostPath, permissions: 0o755)
        let kept = try readIndex(folder)
        for (path, content) in try ArchivePlan.ociLayout(images).members where path != "index.json" {
            try write(content, at: path, in: folder)
        }
        let added = images.flatMap(\.indexEntries)
        let index = ImageIndex(manifests: kept.filter { !Self.isReplaced($0, by: added) } + added)
        let bytes = try CanonicalJSON.encode(index)
        try Self.replace("index.json", in: folder) { try $0.write(bytes) }
    }

    private func write(
        _ content: ArchivePlan.Content,
        at path: ByteString,
        in folder: borrowing OwnedDescriptor
    ) throws {
        let components = path.pathComponents
        switch content {
        case .directory:
            _ = try Self.open(components, in: folder)
        case .document(let bytes):
            try Self.replace(path, in: folder) { try $0.write(bytes) }
        case .blob(let blob):
            let parent = try Self.open(components.dropLast(), in: folder)
            let name = path.lastPathComponent
            if try parent.statusIfPresent(of: name)?.size == blob.size { return }
            try Self.replace(name, in: parent) { file in
                try blobs.copy(blob.digest, size: blob.size) { try file.write(all: $0) }
            }
        }
    }

    private func readIndex(_ folder: borrowing OwnedDescriptor) throws -> [Descriptor] {
        guard try folder.statusIfPresent(of: "index.json") != nil else { return [] }
        let file = try folder.openChild("index.json", [.readOnly, .nonBlocking])
        do throws(DocumentError) {
            return try CanonicalJSON.decode(ImageIndex.self, from: Self.bytes(file)).manifests
        } catch {
            throw ExportError.badDocument("index.json", reason: error.description)
        }
    }

    private static func bytes(_ file: borrowing OwnedDescriptor) throws(DocumentError) -> [UInt8] {
        do throws(SystemError) {
            return try file.readAll(limit: CanonicalJSON.defaultSizeLimit)
        } catch {
            throw .tooLarge(limit: CanonicalJSON.defaultSizeLimit)
        }
    }

    /// The same manifest without a name, or another one with the same name.
    private static func isReplaced(_ old: Descriptor, by added: [Descriptor]) -> Bool {
        added.contains { new in
            let (oldName, newName) = (name(old), name(new))
            return oldName == newName && (oldName != [nil, nil] || old.digest == new.digest)
        }
    }

    private static func name(_ descriptor: Descriptor) -> [String?] {
        [Annotations.containerdImageName, Annotations.referenceName].map { descriptor.annotations?[$0] }
    }

    /// Opens a folder below, step by step, and makes what is missing.
    private static func open(
        _ path: some Sequence<ByteString>,
        in folder: borrowing OwnedDescriptor
    ) throws -> OwnedDescriptor {
        var current = try folder.reopenDirectory()
        for name in path { current = try enterOrMake(name, in: current) }
        return current
    }

    private static func enterOrMake(
        _ name: ByteString,
        in folder: borrowing OwnedDescriptor
    ) throws(SystemError) -> OwnedDescriptor {
        if try folder.statusIfPresent(of: name) == nil { try folder.makeDirectory(name, permissions: 0o755) }
        // Also when it is no directory: opening it says so.
        return try folder.openChild(name, .directory)
    }

    private static func replace(
        _ name: ByteString,
        in folder: borrowing OwnedDescriptor,
        _ body: (borrowing OwnedDescriptor) throws -> Void
    ) throws {
        let temporary = ByteString(".partial-\(try RandomBytes.hex(count: 8))")
        let file = try folder.openChild(temporary, [.writeOnly, .create, .exclusive], permissions: 0o644)
        do {
            try body(file)
            try file.close()
            try folder.rename(temporary, to: name, in: folder)
        } catch {
            try? folder.removeFile(temporary)
            throw error
        }
    }
}
