/// How much a diagnostic matters.
package enum Severity: String, Hashable, Sendable, CaseIterable {
    /// Nothing can be built.
    case error
    /// The build goes on.
    case warning
    /// Something worth knowing.
    case note
}
