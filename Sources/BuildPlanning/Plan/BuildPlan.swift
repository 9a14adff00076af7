package import SourceDiagnostics

/// Everything there is to do for one image, in an order in which it can be done.
package struct BuildPlan: Hashable, Sendable {
    /// Only what the target needs; `steps[n].id.index` is n, and inputs stand before what needs them.
    package var steps: [Step]

    package var target: PlannedImage

    /// SOURCE_DATE_EPOCH as a build argument or a global ARG gives it: seconds since 1970; nil when neither does.
    package var sourceDateEpoch: Int64?

    /// What is worth telling the user but stops nothing.
    package var warnings: [Diagnostic]

    package init(steps: [Step], target: PlannedImage, sourceDateEpoch: Int64? = nil, warnings: [Diagnostic] = []) {
        self.steps = steps
        self.target = target
        self.sourceDateEpoch = sourceDateEpoch
        self.warnings = warnings
    }

    /// The step with this number, or nil when it is another plan's.
    package subscript(id: StepID) -> Step? {
        steps.indices.contains(id.index) ? steps[id.index] : nil
    }
}
