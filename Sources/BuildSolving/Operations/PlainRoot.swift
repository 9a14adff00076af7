import BuildContexts
import ByteStrings
import ContentStorage
import FileModel
import LayerSnapshots
import LinuxSystem

/// The root of a container where the kernel mounts no overlay for us: a copy of all layers.
struct PlainRoot: Sendable {
    private let tree: PlainTree

    /// The path of the copy.
    var path: ByteString { tree.path }

    /// So long the clock that stamps files may lag behind.
    private static let tick = Duration.milliseconds(20)

    /// Copies what an overlay of these folders, the top one first, would show.
    init(of folders: [ByteString], _ environment: SolverEnvironment) throws {
        let path = environment.session.path.appendingPath(environment.session.makeName("root"))
        let view = try SnapshotView(layers: folders.map { .tree(LayerTree(path: $0)) })
        let root = try OwnedDescriptor.makeDirectories(path, permissions: 0o755)
        try FolderCopy.fill(path, from: "", in: BuildSolver.Origin(tree: view, keepsOwners: true, epoch: .epoch))
        if let entry = try view.status("") {
            try root.setOwner(entry.owner, entry.group)
            try root.setPermissions(entry.permissions)
        }
        tree = try PlainTree(noting: path)
        // Else a change could have the time of what was noted.
        _ = try Poller.wait([], timeout: Self.tick)
    }

    /// Leaves what the command has changed in the folder `upper`, and removes the copy.
    func settle(into upper: ByteString) throws {
        let components = path.pathComponents
        try tree.moveChanges(to: upper)
        let parent = try OwnedDescriptor.openDirectory("/" + components.dropLast().joinedAsPath)
        try parent.removeTree(components.last ?? "")
    }
}
