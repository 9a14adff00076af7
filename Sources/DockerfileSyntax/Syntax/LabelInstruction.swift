/// `LABEL key=value …`, or `LABEL key value`.
package struct LabelInstruction: Hashable, Sendable {
    /// At least one; none of them sees the others.
    package var pairs: [KeyValue]
    /// Whether the form with a blank in place of the equals sign was used, which makes the rest of the line one value.
    package var isLegacyForm: Bool

    package init(pairs: [KeyValue], isLegacyForm: Bool = false) {
        self.pairs = pairs
        self.isLegacyForm = isLegacyForm
    }
}
