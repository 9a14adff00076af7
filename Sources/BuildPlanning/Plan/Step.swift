package import SourceDiagnostics

/// One piece of work of a plan: an operation upon the file system that its parent left.
package struct Step: Hashable, Sendable {
    package var id: StepID
    package var operation: Operation

    /// The step whose file system this one starts from; nil means an empty root.
    package var parent: StepID?

    /// The instruction in the Dockerfile; FROM answers for the ONBUILD triggers of its image.
    package var range: SourceRange?

    /// The stage's name, `stage-N` for one without a name, empty in a Dockerfile with one nameless stage.
    package var stageName: String

    /// Which of the stage's steps this is, counted from 1; 0 for the image of a `--from`.
    package var position: Int

    /// How many steps the stage has.
    package var count: Int

    /// What progress shows, such as `[build 2/5] RUN make`.
    package var title: String

    /// Whether a stored result must not be used.
    package var ignoresCache: Bool

    package init(
        id: StepID,
        operation: Operation,
        parent: StepID?,
        range: SourceRange?,
        stageName: String,
        position: Int,
        count: Int,
        title: String,
        ignoresCache: Bool
    ) {
        self.id = id
        self.operation = operation
        self.parent = parent
        self.range = range
        self.stageName = stageName
        self.position = position
        self.count = count
        self.title = title
        self.ignoresCache = ignoresCache
    }

    /// Every step whose result this one needs: the parent first, then the origins in the operation's order.
    ///
    /// A step that is needed twice is listed twice, so that the list matches the canonical encoding.
    package var inputs: [StepID] {
        (parent.map { [$0] } ?? []) + operation.origins.compactMap(\.step)
    }

    /// The bytes that stand for this step in a definition key; the keys of `inputs` are to be mixed in, in their order.
    package var canonicalEncoding: [UInt8] {
        [parent == nil ? 0 : 1] + operation.canonicalEncoding()
    }
}
