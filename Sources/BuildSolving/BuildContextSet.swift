package import BuildContexts
package import ByteStrings

/// The folders that COPY, ADD and bind mounts read from.
package struct BuildContextSet: Sendable {
    /// One folder, and what is known of its files.
    package struct Folder: Sendable {
        package let tree: any FileTree
        package let hashes: FileHashCache

        package init(tree: any FileTree, hashes: FileHashCache) {
            self.tree = tree
            self.hashes = hashes
        }
    }

    private let folders: [ByteString?: Folder]

    /// Takes the folders by name; nil names the build context.
    package init(_ folders: [ByteString?: Folder]) {
        self.folders = folders
    }

    /// The folder of this name.
    func folder(_ name: ByteString?) throws -> Folder {
        guard let folder = folders[name] else {
            throw SolveFailure("there is no build context\(name.map { " `\($0)`" } ?? "")")
        }
        return folder
    }
}
