extension BuildPlan {
    /// The plan without steps that nothing needs, the rest numbered anew in the same order.
    func pruned() -> BuildPlan {
        var isNeeded = [Bool](repeating: false, count: steps.count)
        if let head = target.head { isNeeded[head.index] = true }
        // Inputs stand before what needs them, so one pass from the end sees every need.
        for step in steps.reversed() where isNeeded[step.id.index] {
            for input in step.inputs { isNeeded[input.index] = true }
        }

        var renumbered: [StepID: StepID] = [:]
        var kept: [Step] = []
        for var step in steps where isNeeded[step.id.index] {
            let id = StepID(index: kept.count)
            renumbered[step.id] = id
            step.id = id
            step.parent = step.parent.flatMap { renumbered[$0] }
            step.operation = step.operation.mappingOrigins { origin in
                guard case .step(let old) = origin, let new = renumbered[old] else { return origin }
                return .step(new)
            }
            kept.append(step)
        }
        var image = target
        image.head = target.head.flatMap { renumbered[$0] }
        image.history = target.history.map { entry in
            PlannedHistory(createdBy: entry.createdBy, step: entry.step.flatMap { renumbered[$0] })
        }
        return BuildPlan(steps: kept, target: image, sourceDateEpoch: sourceDateEpoch, warnings: warnings)
    }
}

extension Operation {
    /// The same operation upon other file systems.
    fileprivate func mappingOrigins(_ change: (FileOrigin) -> FileOrigin) -> Operation {
        switch self {
        case .image, .makeDirectory: return self
        case .copy(var copy):
            copy.origin = change(copy.origin)
            return .copy(copy)
        case .exec(var exec):
            exec.mounts = exec.mounts.map { $0.mappingOrigin(change) }
            return .exec(exec)
        }
    }
}

extension MountOperation {
    fileprivate func mappingOrigin(_ change: (FileOrigin) -> FileOrigin) -> MountOperation {
        var mount = self
        switch kind {
        case .bind(var bind):
            bind.origin = change(bind.origin)
            mount.kind = .bind(bind)
        case .cache(var cache):
            cache.origin = change(cache.origin)
            mount.kind = .cache(cache)
        case .tmpfs, .secret, .ssh: break
        }
        return mount
    }
}
