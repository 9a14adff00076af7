import BuildContexts
import ByteStrings
import OCIModel

/// A path of a build context that a command mounts.
struct ContextPath: Hashable, Sendable {
    /// Nil for the build context itself.
    let context: ByteString?

    /// Absolute and clean, links not followed.
    let path: ByteString
}

/// What was hashed of a path that a command mounts.
struct ContextBinding: Sendable {
    let paths: PathSelection
    let selection: StepSelection

    var digest: Digest { selection.digest }

    /// Makes sure that the context still has what was hashed.
    ///
    /// - Throws: `ContextError.changedDuringBuild`.
    func check(_ tree: any FileTree) throws {
        try selection.check(all: try paths.select(from: tree, destinationIsDirectory: true).entries)
        try selection.checkUnsettled(in: tree)
    }
}
