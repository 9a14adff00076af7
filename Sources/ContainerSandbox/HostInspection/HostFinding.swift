/// One thing found out about a machine.
package struct HostFinding: Hashable, Sendable {
    /// What it means for builds.
    package enum Status: String, Hashable, Sendable, CaseIterable {
        /// As it should be.
        case ok

        /// Builds run, and something is not possible or slower.
        case limited

        /// Builds cannot run.
        case missing
    }

    /// A short name, the same on every machine.
    package var name: String
    package var status: Status

    /// What was found.
    package var detail: String

    /// The line that mends it; nil when nothing has to be, or nothing can be, mended.
    package var remedy: String?

    package init(_ name: String, _ status: Status, _ detail: String, remedy: String? = nil) {
        self.name = name
        self.status = status
        self.detail = detail
        self.remedy = remedy
    }
}
