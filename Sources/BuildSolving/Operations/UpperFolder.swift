import BuildContexts
import ByteStrings
import ContentStorage
import FileModel
import LayerSnapshots
import LinuxSystem

/// The folder that takes what one command changes, which then is the tree of its layer.
struct UpperFolder: Sendable {
    /// The name below the store's trees.
    let id: ByteString
    let tree: LayerTree

    /// The empty folder that the overlay needs beside it.
    let work: ByteString

    /// Makes both folders; the root of the container looks as in `view`.
    init(_ environment: SolverEnvironment, like view: SnapshotView) throws {
        id = environment.session.makeTreeID()
        tree = LayerTree(path: environment.directory.treesPath.appendingPath(id))
        work = environment.session.path.appendingPath(environment.session.makeName("work"))
        let root = try view.status("")
        let trees = try OwnedDescriptor.openDirectory(environment.directory.treesPath)
        try trees.makeDirectory(id, permissions: 0o700)
        if let root { try trees.setOwner(root.owner, root.group, of: id) }
        try trees.setPermissions(root?.permissions ?? 0o755, of: id)
        let session = try OwnedDescriptor.openDirectory(environment.session.path)
        try session.makeDirectory(work.lastPathComponent, permissions: 0o700)
    }

    /// Makes a working directory that the layers below lack, and the directories above it, as a change of the command.
    ///
    /// Where a link or a file is in the way nothing is made; the container then says what is wrong.
    func makeWorkingDirectory(_ path: ByteString, below view: SnapshotView) throws {
        guard try view.resolve(path, followingLast: true) == nil else { return }
        var folder = try OwnedDescriptor.openDirectory(tree.path)
        var reached: ByteString = ""
        for name in path.lexicallyCleanedAbsolute.pathComponents {
            reached = reached.appendingPath(name)
            let existing = try view.status(reached)
            if let existing, existing.kind != .directory { return }
            try folder.makeDirectory(name, permissions: 0o755)
            try folder.setOwner(existing?.owner ?? 0, existing?.group ?? 0, of: name)
            try folder.setPermissions(existing?.permissions ?? 0o755, of: name)
            folder = try folder.openChild(name, .directory)
        }
    }

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
        let components = work.pathComponents
        let parent = try OwnedDescriptor.openDirectory("/" + components.dropLast().joinedAsPath)
        try parent.removeTree(work.lastPathComponent)
    }
}
