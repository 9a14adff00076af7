/// A limit of the process, as `--ulimit` asks for.
///
/// Source: `getrlimit(2)`.
package struct ResourceLimit: Hashable, Sendable {
    /// The kernel's number of the limited resource.
    package enum Resource: UInt32, Hashable, Sendable, CaseIterable {
        case cpu = 0
        case fsize = 1
        case data = 2
        case stack = 3
        case core = 4
        case rss = 5
        case nproc = 6
        case nofile = 7
        case memlock = 8
        case locks = 10
        case sigpending = 11
        case msgqueue = 12
        case nice = 13
        case rtprio = 14
        case rttime = 15

        /// The resource of this name, nil when there is none.
        package init?(name: String) {
            guard let known = Self.allCases.first(where: { "\($0)" == name }) else { return nil }
            self = known
        }
    }

    /// Stands for no limit.
    package static let unlimited = UInt64.max

    package var resource: Resource
    package var soft: UInt64
    package var hard: UInt64

    package init(resource: Resource, soft: UInt64, hard: UInt64) {
        self.resource = resource
        self.soft = soft
        self.hard = hard
    }

    /// A bound as people write it.
    static func text(_ bound: UInt64) -> String {
        bound == unlimited ? "unlimited" : "\(bound)"
    }
}
