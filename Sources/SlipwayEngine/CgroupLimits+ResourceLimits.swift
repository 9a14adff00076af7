import BuildInterface
import ContainerSandbox

extension CgroupLimits {
    /// What the request says of all processes of a command together.
    init(_ limits: ResourceLimits) {
        self.init()
        memory = limits.memory
        memoryAndSwap = limits.memoryAndSwap
        if limits.processorQuota != nil || limits.processorPeriod != nil {
            processorTime = .init(quota: limits.processorQuota, period: limits.processorPeriod ?? 100_000)
        }
        processorShares = limits.processorShares
        processors = limits.processors
        memoryNodes = limits.memoryNodes
        processes = limits.processes
        parent = limits.groupParent
    }
}

extension ResourceLimit {
    /// The limit of one process as the request has it; nil for a name that no kernel knows.
    init?(_ limit: ResourceLimits.ProcessLimit) {
        guard let resource = Resource(name: limit.name) else { return nil }
        self.init(resource: resource, soft: limit.soft, hard: limit.hard)
    }
}
