package import ByteStrings

/// A file system that files are taken from.
package enum FileOrigin: Hashable, Sendable {
    /// The build context, or the folder that the request knows under this name.
    case context(ByteString?)

    /// What a step of the plan left.
    case step(StepID)

    /// An empty folder.
    case nothing

    /// The step, when the origin is one.
    package var step: StepID? {
        if case .step(let id) = self { id } else { nil }
    }
}
