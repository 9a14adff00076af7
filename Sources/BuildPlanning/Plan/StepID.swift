/// The place of a step in its plan.
///
/// A step's inputs have smaller numbers than the step itself.
package struct StepID: Hashable, Sendable, Comparable {
    /// From 0 to one less than the number of steps.
    package var index: Int

    package init(index: Int) {
        self.index = index
    }

    package static func < (left: StepID, right: StepID) -> Bool {
        left.index < right.index
    }
}

extension StepID: CustomStringConvertible {
    package var description: String {
        "#\(index)"
    }
}
