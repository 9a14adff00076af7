import ContentStorage
import ImageExport
import LayerSnapshots
import LinuxSystem
import OCIModel
import StateDatabase

/// Removes what neither an image nor a result of a step needs.
struct StoreCollector {
    let engine: Engine

    /// Collects, unless somebody is using the store; what is left then goes the next time.
    ///
    /// - Returns: The digests of the blobs that were removed.
    func collect() throws -> [Digest] {
        guard let lock = try engine.directory.lockForCollection() else { return [] }
        defer { withExtendedLifetime(lock) {} }
        let (database, blobs) = (engine.database, engine.directory.blobs)
        var needed: Set<Digest> = []
        var neededLayers: Set<DiffID> = []
        for manifest in Set(try database.images().map(\.manifest.digest)) {
            guard let image = try Self.image(manifest, from: blobs) else { continue }
            needed.formUnion(image.blobs.map(\.digest))
            neededLayers.formUnion(image.layers.map(\.diffID))
        }
        for result in try database.results() {
            if let diffID = result.diffID { neededLayers.insert(diffID) }
        }
        let layers = try database.layers()
        let unneeded = layers.filter { !neededLayers.contains($0.diffID) }
        needed.formUnion(layers.filter { neededLayers.contains($0.diffID) }.map(\.blob.digest))

        // Records first: what is recorded must be whole at every moment.
        for manifest in try database.archiveManifests() where !needed.contains(manifest) {
            try database.forgetArchives(of: manifest)
        }
        try database.forget(layers: unneeded.map(\.diffID))
        let session = try engine.directory.makeSession()
        // Also those that an interrupted removal left, or another boot: nobody makes trees while this lock is held.
        for tree in try engine.directory.treeIDs() where try !database.isRecorded(tree: tree) {
            try engine.directory.removeTree(tree, in: session)
        }
        var removed: [Digest] = []
        for blob in try blobs.list().map(\.digest) where !needed.contains(blob) {
            try blobs.remove(blob)
            removed.append(blob)
        }
        try session.end { try database.isRecorded(tree: $0) }
        return removed
    }

    /// An image's documents; nil when they are missing or damaged.
    ///
    /// - Throws: `SystemError`: a disk or a process in trouble is no reason to remove what cannot be read just now.
    private static func image(_ manifest: Digest, from blobs: BlobStore) throws -> AssembledImage? {
        do {
            return try AssembledImage(reading: manifest, from: blobs)
        } catch {
            if error is SystemError { throw error }
            return nil
        }
    }
}
