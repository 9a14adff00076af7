import ByteStrings
import LinuxSystem

/// Tells which limits of processes may be set here, before any command runs.
struct ProcessLimitCheck: Sendable {
    /// The builder's own hard limit of a resource.
    var hardLimit: @Sendable (ResourceLimit.Resource) -> UInt64

    /// Whether the builder may go beyond its own limits: `CAP_SYS_RESOURCE`.
    var mayRaise: Bool

    /// The most descriptors that the kernel gives any process.
    var mostDescriptors: UInt64

    /// What holds for this process.
    static func host() -> ProcessLimitCheck {
        let filesystem = HostCgroupFilesystem()
        let held = (try? filesystem.read("/proc/self/status")).flatMap { CapabilitySet(effectiveIn: $0) } ?? []
        let most = (try? filesystem.read("/proc/sys/fs/nr_open")) ?? ""
        return ProcessLimitCheck(
            hardLimit: { resource in (try? Host.processLimit(of: resource.rawValue))?.hard ?? ResourceLimit.unlimited },
            mayRaise: held.contains(.raiseLimits),
            mostDescriptors: UInt64(String(decoding: most.bytes.prefix { $0 > 0x20 }, as: UTF8.self)) ?? 1 << 20
        )
    }

    /// Refuses the first limit that the kernel would refuse in the container.
    func check(_ limits: [ResourceLimit]) throws(CgroupError) {
        for limit in limits {
            var highest = mayRaise ? ResourceLimit.unlimited : hardLimit(limit.resource)
            if limit.resource == .nofile { highest = min(highest, mostDescriptors) }
            guard max(limit.soft, limit.hard) <= highest else {
                throw .processLimitTooHigh(limit.resource, wanted: max(limit.soft, limit.hard), highest: highest)
            }
        }
    }
}

extension CapabilitySet {
    /// To go beyond limits of resources.
    static let raiseLimits = CapabilitySet(rawValue: 1 << 24)

    /// Reads the effective set from the text of `/proc/PID/status`; nil when it is not there.
    ///
    /// Source: `proc_pid_status(5)`.
    init?(effectiveIn status: ByteString) {
        let name = "CapEff:"
        for line in status.bytes.split(separator: UInt8(ascii: "\n")) where line.starts(with: name.utf8) {
            let digits = line.dropFirst(name.utf8.count).filter { $0 > 0x20 }
            guard let value = UInt64(String(decoding: digits, as: UTF8.self), radix: 16) else { return nil }
            self.init(rawValue: value)
            return
        }
        return nil
    }
}
