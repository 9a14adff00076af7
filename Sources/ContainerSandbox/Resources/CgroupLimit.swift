/// One of the limits of a group, by the name that users ask for it with.
package enum CgroupLimit: String, Hashable, Sendable, CaseIterable {
    case memory = "memory"
    case memoryAndSwap = "memory-swap"
    case processorTime = "cpus"
    case processorShares = "cpu-shares"
    case processors = "cpuset-cpus"
    case memoryNodes = "cpuset-mems"
    case processes = "pids-limit"
    case parent = "cgroup-parent"
}

/// A part of the kernel that limits groups, by its name there.
enum CgroupController: String, Hashable, Sendable, CaseIterable {
    case memory
    case processorTime = "cpu"
    case processorSet = "cpuset"
    case processes = "pids"
}
