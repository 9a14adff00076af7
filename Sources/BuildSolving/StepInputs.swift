import BuildPlanning
import OCIModel

/// What the steps below left for one step.
struct StepInputs: Sendable {
    /// The file system the step starts from.
    let parent: Snapshot
    private let results: [StepID: StepResult]
    private let order: [StepID]

    init(step: Step, results: [StepID: StepResult]) {
        parent = step.parent.flatMap { results[$0]?.snapshot } ?? .empty
        order = step.inputs
        self.results = Dictionary(order.compactMap { id in results[id].map { (id, $0) } }) { first, _ in first }
    }

    /// The definition keys, in the order of `Step.inputs`.
    var definitions: [Digest] {
        order.compactMap { results[$0]?.definition }
    }

    /// The file systems that decide what `step` leaves: that of its parent, unless it would be the same upon any, and
    /// those it reads.
    func deciding(_ step: Step) -> [Snapshot] {
        let reads = step.parent == nil ? order[...] : order.dropFirst()
        let own = step.parent != nil && step.operation.dependsOnParent ? [parent] : []
        return own + reads.map { snapshot(of: $0) }
    }

    /// The file system that a step left; the empty one when it is no input.
    func snapshot(of id: StepID) -> Snapshot {
        results[id]?.snapshot ?? .empty
    }
}
