import BuildPlanning

/// Decides which steps may start.
///
/// It starts nothing, waits for nothing and never suspends, so that a test needs no task, no clock and no container.
struct StepSchedule {
    private var unmet: [StepID: Int] = [:]
    private var dependents: [StepID: [StepID]] = [:]

    init(_ plan: BuildPlan) {
        for step in plan.steps {
            let inputs = Set(step.inputs)
            unmet[step.id] = inputs.count
            for input in inputs { dependents[input, default: []].append(step.id) }
        }
    }

    /// The steps that need nothing, in the plan's order.
    mutating func begin() -> [StepID] {
        unmet.filter { $0.value == 0 }.keys.sorted()
    }

    /// The steps that `step` was the last to hold up, in the plan's order.
    mutating func finished(_ step: StepID) -> [StepID] {
        var ready: [StepID] = []
        for dependent in dependents[step] ?? [] {
            guard let count = unmet[dependent] else { continue }
            unmet[dependent] = count - 1
            if count == 1 { ready.append(dependent) }
        }
        return ready.sorted()
    }
}
