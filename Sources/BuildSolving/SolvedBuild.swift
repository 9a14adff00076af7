package import BuildContexts
package import BuildPlanning
package import FileModel
package import LayerSnapshots

/// The file system of a plan's target.
package struct SolvedBuild: Sendable {
    /// The lowest first.
    package let layers: [PackedLayer]

    /// The newest time of the base image and of what was copied in.
    package let epoch: Timestamp

    /// The same for each step, for the image's history.
    package let epochs: [StepID: Timestamp]
    package let cachedSteps: Int
    package let totalSteps: Int
    let snapshot: Snapshot
    let trees: TreeProvider

    /// The merged file system, for exporting files; trees are made for layers that have none.
    ///
    /// - Throws: When a layer cannot be unpacked.
    package func fileTree() async throws -> any FileTree {
        try await trees.view(of: snapshot, readingFiles: true)
    }
}
