package import BuildContexts
import BuildInterface
package import ByteStrings
import SourceDiagnostics

/// The files that COPY, ADD and bind mounts read from, by the name of their context.
package struct BuildContextSet: Sendable {
    /// The files of one context, and what is known of them.
    package struct Folder: Sendable {
        package let tree: any FileTree

        /// Nil where nothing of the files outlives the build.
        package let hashes: FileHashCache?

        package init(tree: any FileTree, hashes: FileHashCache? = nil) {
            self.tree = tree
            self.hashes = hashes
        }
    }

    /// Brings a context here.
    package typealias Opening = @Sendable () async throws -> Folder

    private let openings: [ByteString?: Opening]
    private let opened = SharedWork<ByteString?, Folder>()

    /// Takes contexts by name, each to be opened once, when a step first reads from it; nil names the build context.
    package init(opening openings: [ByteString?: Opening]) {
        self.openings = openings
    }

    /// Takes contexts that are open already.
    package init(_ folders: [ByteString?: Folder]) {
        self.init(opening: folders.mapValues { folder in { folder } })
    }

    /// The files of the context of this name.
    func folder(_ name: ByteString?) async throws -> Folder {
        guard let opening = openings[name] else {
            throw SolveFailure("there is no build context\(name.map { " `\($0)`" } ?? "")")
        }
        do {
            return try await opened.value(for: name, opening)
        } catch let failure as BuildFailure {
            // Told with the step that asked for it.
            throw SolveFailure(failure.description, hint: failure.diagnostics.last?.hint)
        }
    }
}
