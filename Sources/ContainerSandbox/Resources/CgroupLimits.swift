package import ByteStrings

/// What the processes of a container may use together.
///
/// Source: `cgroups(7)`, `Documentation/admin-guide/cgroup-v2.rst` in the kernel tree.
package struct CgroupLimits: Hashable, Sendable {
    /// A share of processor time in every period, both in microseconds.
    package struct ProcessorTime: Hashable, Sendable {
        /// Time in a period, more than the period where several processors may be busy; nil for no limit.
        package var quota: UInt64?
        package var period: UInt64

        package init(quota: UInt64?, period: UInt64 = 100_000) {
            self.quota = quota
            self.period = period
        }
    }

    /// Stands for no limit where that is not the same as no wish.
    package static let unlimited = UInt64.max

    /// Memory in bytes.
    package var memory: UInt64?

    /// Memory and swap together, in bytes; nil for twice the memory where the kernel counts swap.
    package var memoryAndSwap: UInt64?
    package var processorTime: ProcessorTime?

    /// Weight against other groups when processors are busy, from 2 to 262144; 1024 is the usual one.
    package var processorShares: UInt64?

    /// Processors that may be used, such as `0-2,4`.
    package var processors: ByteString?

    /// Memory nodes that may be used, such as `0`.
    package var memoryNodes: ByteString?

    /// The most processes and threads.
    package var processes: UInt64?

    /// The group to be put into, taken from the root of the hierarchy; nil for one beside the builder's own.
    package var parent: ByteString?

    package init() {}

    /// Whether nothing is limited, so that no group is needed.
    package var isEmpty: Bool {
        self == CgroupLimits()
    }
}
