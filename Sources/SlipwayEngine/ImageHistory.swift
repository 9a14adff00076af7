import BuildPlanning
import FileModel
import OCIModel

/// The history of an image: its base's, and one entry for each instruction.
enum ImageHistory {
    /// Who wrote the entries, in a form that tools which look for a builder expect.
    private static let comment = "slipway.dockerfile.v0"

    /// The entries, the oldest first; all those of this build carry the time `latest`, when there is one.
    static func entries(of plan: BuildPlan, epochs: [StepID: Timestamp], latest: Timestamp?) -> [History] {
        var entries = base(plan.target.base?.configuration)
        var time = plan.target.base?.configuration.created.flatMap { RFC3339.parse($0) } ?? .epoch
        for planned in plan.target.history {
            if let step = planned.step, let epoch = epochs[step] { time = epoch }
            entries.append(
                History(
                    created: RFC3339.text(latest ?? time),
                    createdBy: planned.createdBy,
                    comment: comment,
                    emptyLayer: planned.isEmptyLayer
                )
            )
        }
        return entries
    }

    /// The base's entries; one for each layer where the base tells nothing, since entries and layers must match.
    private static func base(_ configuration: ImageConfiguration?) -> [History] {
        guard let configuration else { return [] }
        let layers = configuration.rootfs.diffIDs.count
        guard configuration.history.count(where: { !$0.emptyLayer }) != layers else { return configuration.history }
        return (0..<layers).map { _ in History(created: configuration.created) }
    }
}
