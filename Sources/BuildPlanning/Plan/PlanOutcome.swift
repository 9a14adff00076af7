/// What one round of planning comes to.
package enum PlanOutcome: Hashable, Sendable {
    /// These images are to be resolved before the next round; never empty.
    case needsImages([ImageRequest])

    case planned(BuildPlan)
}
