/// One entry of an image's history, but for its time.
package struct PlannedHistory: Hashable, Sendable {
    /// The instruction as the image records it, such as `RUN /bin/sh -c make # buildkit`.
    package var createdBy: String

    /// The step that made the layer; nil for an entry without one.
    package var step: StepID?

    /// Whether the entry stands for no layer.
    package var isEmptyLayer: Bool {
        step == nil
    }

    package init(createdBy: String, step: StepID?) {
        self.createdBy = createdBy
        self.step = step
    }
}
