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

    /// What is known of the files of layers' trees; nil where nothing is kept.
    let treeHashes: @Sendable () throws -> FileHashCache?

    /// Takes the folders by name; nil names the build context.
    ///
    /// `treeHashes` is asked when files of a stage are to be hashed, and gives the same cache each time.
    package init(
        _ folders: [ByteString?: Folder],
        treeHashes: @escaping @Sendable () throws -> FileHashCache? = { nil }
    ) {
        self.folders = folders
        self.treeHashes = treeHashes
    }

    /// The folder of this name.
    func folder(_ name: ByteString?) throws -> Folder {
        guard let folder = folders[name] else {
            throw SolveFailure("there is no build context\(name.map { " `\($0)`" } ?? "")")
        }
        return folder
    }
}
