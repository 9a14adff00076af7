internal import ByteStrings
internal import LinuxSystem

/// A folder for one piece of work.
final class Workplace: Sendable {
    private let parent: OwnedDescriptor
    private let name: ByteString
    private let root: ByteString

    /// An empty folder that git takes for the user's home.
    let home: ByteString

    /// The folder that files are checked out into.
    let files: ByteString

    /// Makes the folder, and removes it with all that is in it when `body` is through; trees may be large, so that a
    /// thread of its own does that.
    static func with<Result: Sendable>(
        in scratch: ByteString,
        _ body: (Workplace) async throws -> Result
    ) async throws -> Result {
        let folder = try await BlockingThread.run { try Workplace(in: scratch) }
        do {
            let result = try await body(folder)
            await folder.remove()
            return result
        } catch {
            await folder.remove()
            throw error
        }
    }

    private init(in scratch: ByteString) throws {
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
    func prepare(_ place: ByteString) async throws {
        guard !place.isEmpty else { return }
        try await BlockingThread.run { try self.check(place) }
    }

    private func check(_ place: ByteString) throws {
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

    private func remove() async {
        try? await BlockingThread.run { try self.parent.removeTree(self.name) }
    }
}
