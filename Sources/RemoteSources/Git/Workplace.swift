internal import ByteStrings
internal import LinuxSystem

/// A folder for one piece of work; whoever makes it removes it.
final class Workplace: Sendable {
    private let parent: OwnedDescriptor
    private let name: ByteString
    private let root: ByteString

    /// An empty folder that git takes for the user's home.
    let home: ByteString

    /// The folder that files are checked out into.
    let files: ByteString

    init(in scratch: ByteString) throws {
        parent = try OwnedDescriptor.openDirectory(scratch)
        name = ByteString("git-\(try RandomBytes.hex(count: 8))")
        root = scratch.appendingPath(name)
        home = root.appendingPath("home")
        files = root.appendingPath("files")
        try parent.makeDirectory(name, permissions: 0o700)
        for folder in [home, files] { _ = try OwnedDescriptor.makeDirectories(folder, permissions: 0o700) }
    }

    func path(_ name: ByteString) -> ByteString { root.appendingPath(ByteString("repository-\(name)")) }

    /// Sees to it that there is an empty folder at a clean path below the files, and no link on the way.
    ///
    /// - Throws: ``RemoteSourceError``, `badSubmodule`.
    func prepare(_ place: ByteString) throws {
        guard !place.isEmpty else { return }
        do {
            let folder = try OwnedDescriptor.openDirectory(files)
                .open(place, .directory, resolving: .beneathWithoutLinks)
            guard try folder.isEmptyDirectory() else {
                throw RemoteSourceError.badSubmodule(path: "\(place)", reason: "lies where other files are")
            }
        } catch let error as SystemError {
            throw RemoteSourceError.badSubmodule(path: "\(place)", reason: "has no folder of its own: \(error)")
        }
    }

    /// Removes all of it.
    func remove() {
        try? parent.removeTree(name)
    }
}
