/// What one round of planning comes to.
package enum PlanOutcome: Hashable, Sendable {
    /// These images are to be resolved before the next round; never empty.
    case needsImages([ImageRequest])

    /// What the host offers is to be looked up before the next round: a RUN asks for devices.
    case needsDevices

    case planned(BuildPlan)
}
