package import ByteStrings

/// What each RUN step may use of the machine; nothing is limited that is nil.
package struct ResourceLimits: Hashable, Sendable {
    /// A limit of every single process, as `--ulimit` asks for.
    package struct ProcessLimit: Hashable, Sendable {
        /// Such as `nofile`; source: `docker run --ulimit`.
        package var name: String

        /// The largest number stands for no limit.
        package var soft: UInt64
        package var hard: UInt64

        package init(name: String, soft: UInt64, hard: UInt64) {
            self.name = name
            self.soft = soft
            self.hard = hard
        }

        /// The names that there are.
        package static let names: Set<String> = [
            "core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice", "nofile", "nproc", "rss", "rtprio",
            "rttime", "sigpending", "stack",
        ]
    }

    /// Bytes of memory.
    package var memory: UInt64?

    /// Bytes of memory and swap together, the largest number for no limit; nil for twice the memory.
    package var memoryAndSwap: UInt64?

    /// Microseconds of processor time in a period.
    package var processorQuota: UInt64?

    /// Microseconds; nil for 100,000.
    package var processorPeriod: UInt64?

    /// Weight against others, from 2 to 262144.
    package var processorShares: UInt64?

    /// Processors that may be used, such as `0-2,4`.
    package var processors: ByteString?

    /// Memory nodes that may be used, such as `0`.
    package var memoryNodes: ByteString?

    /// The most processes and threads.
    package var processes: UInt64?

    /// The control group that steps are put into.
    package var groupParent: ByteString?

    /// In the order given; the last of a name counts.
    package var processLimits: [ProcessLimit] = []

    package init() {}

    /// Whether nothing is limited.
    package var isEmpty: Bool {
        self == ResourceLimits()
    }
}
