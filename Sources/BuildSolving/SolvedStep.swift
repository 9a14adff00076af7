/// A step that is done for those above it, and what is left to do in the background.
struct SolvedStep: Sendable {
    var result: StepResult

    /// Packs and records the layer while later steps run; nil when that is done.
    var packing: (@Sendable () async throws -> Void)?
}
