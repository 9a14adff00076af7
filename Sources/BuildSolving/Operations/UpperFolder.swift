import BuildContexts
import ByteStrings
import ContentStorage
import FileModel
import LayerSnapshots
import LinuxSystem

/// The folder that takes what one command changes, which then is the tree of its layer.
struct UpperFolder: Sendable {
    let tree: LayerTree

    /// The empty folder that the overlay needs beside it.
    let work: ByteString
    private let session: Session
    private let folders: ChangeFolders

    /// Makes both folders; the root of the container looks as in `view`.
    init(_ environment: SolverEnvironment, like view: SnapshotView) throws {
        session = environment.session
        let root = try view.status("")
        folders = try session.makeChangeFolders(
            owner: root?.owner ?? 0,
            group: root?.group ?? 0,
            permissions: root?.permissions ?? 0o755
        )
        tree = LayerTree(path: environment.directory.treesPath.appendingPath(folders.tree))
        work = session.path.appendingPath(folders.work)
    }

    /// The name below the store's trees.
    var id: ByteString { folders.tree }

    /// Brings the folder into the form a layer has, when the command has ended well.
    ///
    /// What the command wrote is dated with `epoch`, and what was only there to be mounted on goes away.
    func settle(
        since start: Timestamp,
        to epoch: Timestamp,
        mountTargets: [ByteString],
        below view: SnapshotView
    ) throws {
        try StubRemover.removeStubs(mountTargets, upper: tree.path) { try view.status($0) != nil }
        try TimeSettler.settle(upper: tree.path, notBefore: start, to: epoch)
    }

    /// Removes what the overlay left beside the folder; nothing waits for that.
    func removeWork() throws {
        try session.removeWork(of: folders)
    }
}
