import ByteStrings

/// One file to be written in a new group.
struct CgroupSetting: Hashable, Sendable {
    var limit: CgroupLimit
    var controller: CgroupController
    var file: ByteString
    var value: ByteString

    /// Whether the limit was not asked for, only follows from another, and may be left out where the file is missing.
    var isImplied = false
}

extension CgroupLimits {
    /// The files of a hierarchy of version 1, in the order in which they must be written.
    ///
    /// Source: `Documentation/admin-guide/cgroup-v1` in the kernel tree.
    var settings: [CgroupSetting] {
        var settings: [CgroupSetting] = []
        if let memory {
            settings.append(.init(.memory, .memory, "memory.limit_in_bytes", memory))
        }
        if let both = effectiveMemoryAndSwap {
            var setting = CgroupSetting(.memoryAndSwap, .memory, "memory.memsw.limit_in_bytes", both)
            if both == Self.unlimited { setting.value = "-1" }
            setting.isImplied = memoryAndSwap == nil
            settings.append(setting)
        }
        if let processorTime {
            settings.append(.init(.processorTime, .processorTime, "cpu.cfs_period_us", processorTime.period))
            if let quota = processorTime.quota {
                settings.append(.init(.processorTime, .processorTime, "cpu.cfs_quota_us", quota))
            }
        }
        if let processorShares {
            settings.append(.init(.processorShares, .processorTime, "cpu.shares", processorShares))
        }
        return settings + sharedSettings
    }

    /// The files of the unified hierarchy, in the order in which they must be written.
    var unifiedSettings: [CgroupSetting] {
        var settings: [CgroupSetting] = []
        if let memory {
            settings.append(.init(.memory, .memory, "memory.max", memory))
        }
        if let both = effectiveMemoryAndSwap {
            var setting = CgroupSetting(.memoryAndSwap, .memory, "memory.swap.max", 0)
            // Here swap is counted alone.
            let swap = both.subtractingReportingOverflow(memory ?? 0)
            setting.value = both == Self.unlimited ? "max" : ByteString(String(swap.overflow ? 0 : swap.partialValue))
            setting.isImplied = memoryAndSwap == nil
            settings.append(setting)
        }
        if let processorTime {
            var setting = CgroupSetting(.processorTime, .processorTime, "cpu.max", 0)
            setting.value = ByteString("\(processorTime.quota.map(String.init) ?? "max") \(processorTime.period)")
            settings.append(setting)
        }
        if let processorShares {
            settings.append(.init(.processorShares, .processorTime, "cpu.weight", Self.weight(processorShares)))
        }
        return settings + sharedSettings
    }

    private var sharedSettings: [CgroupSetting] {
        var settings: [CgroupSetting] = []
        if let processors {
            settings.append(.init(.processors, .processorSet, "cpuset.cpus", text: processors))
        }
        if let memoryNodes {
            settings.append(.init(.memoryNodes, .processorSet, "cpuset.mems", text: memoryNodes))
        }
        if let processes {
            settings.append(.init(.processes, .processes, "pids.max", processes))
        }
        return settings
    }

    private var effectiveMemoryAndSwap: UInt64? {
        if let memoryAndSwap { return memoryAndSwap }
        return memory.map { $0.multipliedReportingOverflow(by: 2) }.map {
            $0.overflow ? Self.unlimited : $0.partialValue
        }
    }

    /// Shares from 2 to 262144 as the weight from 1 to 10000 that has the same place in its range.
    static func weight(_ shares: UInt64) -> UInt64 {
        1 + (min(max(shares, 2), 262_144) - 2) * 9999 / 262_142
    }
}

extension CgroupSetting {
    fileprivate init(_ limit: CgroupLimit, _ controller: CgroupController, _ file: ByteString, _ value: UInt64) {
        self.init(limit, controller, file, text: ByteString(String(value)))
    }

    fileprivate init(_ limit: CgroupLimit, _ controller: CgroupController, _ file: ByteString, text: ByteString) {
        self.init(limit: limit, controller: controller, file: file, value: text)
    }
}
