import ContentStorage
import ImageExport
import LayerSnapshots
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
            guard let image = try? AssembledImage(reading: manifest, from: blobs) else { continue }
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
        for tree in unneeded.compactMap(\.tree) { try engine.directory.removeTree(tree.id, in: session) }
        var removed: [Digest] = []
        for blob in try blobs.list().map(\.digest) where !needed.contains(blob) {
            try blobs.remove(blob)
            removed.append(blob)
        }
        try session.end { try database.isRecorded(tree: $0) }
        return removed
    }
}
