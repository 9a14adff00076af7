import ArgumentParser
import BuildInterface
import ByteStrings

/// The options of `slipway build` about what RUN steps may use, as they were typed.
struct ResourceFlags: ParsableArguments {
    @Option(name: [.customShort("m"), .long], help: "The memory of a RUN step, such as 512m.")
    var memory: String?

    @Option(parsing: .unconditional, help: "Memory and swap of a RUN step together, such as 1g; -1 for unlimited swap.")
    var memorySwap: String?

    @Option(help: "How many processors a RUN step may keep busy, such as 1.5.")
    var cpus: String?

    @Option(help: "Microseconds that --cpu-quota is about.")
    var cpuPeriod: String?

    @Option(parsing: .unconditional, help: "Microseconds of processor time that a RUN step gets in a period.")
    var cpuQuota: String?

    @Option(
        name: [.customShort("c"), .long],
        help: "The weight of a RUN step when processors are busy; 1024 is usual."
    )
    var cpuShares: String?

    @Option(help: "The processors that RUN steps may use, such as 0-2,4.")
    var cpusetCpus: String?

    @Option(help: "The memory nodes that RUN steps may use, such as 0.")
    var cpusetMems: String?

    @Option(parsing: .unconditional, help: "The most processes and threads of a RUN step; -1 for no limit.")
    var pidsLimit: String?

    @Option(help: "NAME=SOFT[:HARD]: a limit of every process in RUN steps, such as nofile=1024:2048; may be repeated.")
    var ulimit: [String] = []

    @Option(help: "The control group that RUN steps are put into.")
    var cgroupParent: String?

    @Option(help: "KEY=VALUE,…: memory, memory-swap, cpu-period, cpu-quota, cpu-shares, cpuset-cpus or cpuset-mems.")
    var resource: [String] = []

    /// What the flags mean.
    ///
    /// - Throws: `ValidationError` naming the flag and what it takes.
    func resolve() throws -> ResourceLimits {
        var flags = self
        for list in resource { try flags.add(list) }
        return try flags.limits()
    }

    /// Source: `docker buildx build --resource`.
    private mutating func add(_ list: String) throws {
        for field in list.split(separator: ",", omittingEmptySubsequences: false) {
            let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            // A list of processors has commas of its own.
            if parts.count == 1, let known = cpusetCpus, resource.contains(list), field.allSatisfy(Self.isListed) {
                cpusetCpus = "\(known),\(field)"
                continue
            }
            guard parts.count == 2 else { throw ValidationError("--resource \(list): it takes KEY=VALUE") }
            switch parts[0] {
            case "memory": memory = parts[1]
            case "memory-swap": memorySwap = parts[1]
            case "cpu-period": cpuPeriod = parts[1]
            case "cpu-quota": cpuQuota = parts[1]
            case "cpu-shares": cpuShares = parts[1]
            case "cpuset-cpus": cpusetCpus = parts[1]
            case "cpuset-mems": cpusetMems = parts[1]
            default: throw ValidationError("--resource \(list): there is no resource `\(parts[0])`")
            }
        }
    }

    private func limits() throws -> ResourceLimits {
        var limits = ResourceLimits()
        limits.memory = try memory.map(memoryLimit)
        limits.memoryAndSwap = try memorySwap.map { try swapLimit($0, memory: limits.memory) }
        try setProcessorTime(&limits)
        limits.processorShares = try cpuShares.map { try number($0, flag: "--cpu-shares", in: 2...262_144) }
        limits.processors = try cpusetCpus.map { try list($0, flag: "--cpuset-cpus") }
        limits.memoryNodes = try cpusetMems.map { try list($0, flag: "--cpuset-mems") }
        if let pidsLimit, pidsLimit != "-1", pidsLimit != "0" {
            limits.processes = try number(pidsLimit, flag: "--pids-limit", in: 1...4_194_304)
        }
        limits.processLimits = try ulimit.map(processLimit)
        if let cgroupParent {
            guard !cgroupParent.isEmpty, !cgroupParent.split(separator: "/").contains("..") else {
                throw ValidationError("--cgroup-parent \(cgroupParent): it takes the path of a group, without `..`")
            }
            limits.groupParent = ByteString(cgroupParent)
        }
        return limits
    }

    private func memoryLimit(_ text: String) throws -> UInt64 {
        let bytes = try ByteCount.parse(text, flag: "--memory")
        guard bytes >= 6 << 20 else { throw ValidationError("--memory \(text): a step needs 6m at least") }
        return bytes
    }

    private func swapLimit(_ text: String, memory: UInt64?) throws -> UInt64 {
        guard let memory else { throw ValidationError("--memory-swap \(text): it takes effect with --memory only") }
        if text == "-1" { return .max }
        let bytes = try ByteCount.parse(text, flag: "--memory-swap")
        guard bytes >= memory else {
            throw ValidationError("--memory-swap \(text): it is memory and swap together, so at least --memory")
        }
        return bytes
    }

    private func setProcessorTime(_ limits: inout ResourceLimits) throws {
        if let cpus {
            guard cpuQuota == nil, cpuPeriod == nil else {
                throw ValidationError("--cpus: it says the same as --cpu-quota and --cpu-period; pass either")
            }
            limits.processorQuota = try processorQuota(cpus)
        }
        limits.processorPeriod = try cpuPeriod.map { try number($0, flag: "--cpu-period", in: 1000...1_000_000) }
        if let cpuQuota, cpuQuota != "-1" {
            limits.processorQuota = try number(cpuQuota, flag: "--cpu-quota", in: 1000...(1 << 40))
        }
    }

    /// Microseconds in the usual period, from a decimal number of processors.
    private func processorQuota(_ text: String) throws -> UInt64 {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let fraction = parts.count == 2 ? parts[1] : "0"
        let isDecimal = (parts + [fraction]).allSatisfy { $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }
        let whole = parts[0].isEmpty ? 0 : UInt64(parts[0])
        // A hundred thousandth is the smallest part of a period.
        let digits = fraction.prefix(5) + String(repeating: "0", count: max(0, 5 - fraction.count))
        guard isDecimal, text != ".", !text.isEmpty, let whole, whole <= 8192, let part = UInt64(digits) else {
            throw ValidationError("--cpus \(text): it takes a number of processors, such as 1.5")
        }
        let quota = whole * 100_000 + part
        guard quota >= 1000 else { throw ValidationError("--cpus \(text): 0.01 is the least") }
        return quota
    }

    private func number(_ text: String, flag: String, in range: ClosedRange<UInt64>) throws -> UInt64 {
        guard let value = UInt64(text), range.contains(value) else {
            throw ValidationError("\(flag) \(text): it takes a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    private static func isListed(_ character: Character) -> Bool {
        character.isASCII && (character.isNumber || character == "-")
    }

    /// A list of numbers and ranges.
    private func list(_ text: String, flag: String) throws -> ByteString {
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { UInt16($0) }
            guard (1...2).contains(ends.count), let first = ends.first ?? nil, let last = ends.last ?? nil,
                first <= last, part.allSatisfy(Self.isListed)
            else { throw ValidationError("\(flag) \(text): it takes a list such as 0-2,4") }
        }
        return ByteString(text)
    }

    private func processLimit(_ text: String) throws -> ResourceLimits.ProcessLimit {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else {
            throw ValidationError("--ulimit \(text): it takes NAME=SOFT[:HARD], such as nofile=1024:2048")
        }
        guard ResourceLimits.ProcessLimit.names.contains(parts[0]) else {
            let names = ResourceLimits.ProcessLimit.names.sorted().joined(separator: ", ")
            throw ValidationError("--ulimit \(text): there is no limit `\(parts[0])`; there are \(names)")
        }
        let bounds = try parts[1].split(separator: ":", omittingEmptySubsequences: false).map { bound in
            if bound == "-1" || bound == "unlimited" { return UInt64.max }
            guard let value = UInt64(bound), bound.utf8.first != UInt8(ascii: "+") else {
                throw ValidationError("--ulimit \(text): `\(bound)` is not a number")
            }
            return value
        }
        guard (1...2).contains(bounds.count) else {
            throw ValidationError("--ulimit \(text): it takes NAME=SOFT[:HARD], such as nofile=1024:2048")
        }
        guard bounds[0] <= bounds[bounds.count - 1] else {
            throw ValidationError("--ulimit \(text): the soft limit may not be above the hard one")
        }
        return ResourceLimits.ProcessLimit(name: parts[0], soft: bounds[0], hard: bounds[bounds.count - 1])
    }
}
