/// The filter of system calls that a container gets, as the kernel takes it.
///
/// The numbers of a table are searched as a tree, so that a call costs eight comparisons and installing the filter,
/// when the kernel tries it on every number, next to nothing.
package enum SeccompFilter {
    private static let amd64 = compile(.standard, for: .amd64)
    private static let arm64 = compile(.standard, for: .arm64)
    private static let amd64KeepingOwners = compile(.keepingOwners, for: .amd64)
    private static let arm64KeepingOwners = compile(.keepingOwners, for: .arm64)

    /// Instructions of classic BPF, eight bytes each, made once in a process.
    ///
    /// The bytes depend on the architecture and this program alone, so they may be kept anywhere. With `keepingOwners`
    /// every change of a file's owner is answered with success and not made, for a place where there is one user only.
    package static func bytes(for architecture: SeccompArchitecture, keepingOwners: Bool = false) -> [UInt8] {
        switch (architecture, keepingOwners) {
        case (.amd64, false): amd64
        case (.arm64, false): arm64
        case (.amd64, true): amd64KeepingOwners
        case (.arm64, true): arm64KeepingOwners
        }
    }

    private static func compile(_ profile: SeccompProfile, for architecture: SeccompArchitecture) -> [UInt8] {
        var program = [BPFInstruction.loadInterface]
        for interface in architecture.interfaces {
            let search = searchTree(ranges(of: profile, in: interface)[...])
            program.append(.jumpIfEqual(interface.auditNumber, 1, else: 0))
            program.append(.jump(over: UInt32(search.count + 1)))
            program.append(.loadNumber)
            program += search
        }
        program.append(.killProcess)
        return program.flatMap(\.bytes)
    }

    /// From this number on to the next range's, the verdict holds.
    private struct Range {
        var start: UInt32
        var verdict: SeccompVerdict
    }

    private static func ranges(of profile: SeccompProfile, in interface: SeccompInterface) -> [Range] {
        var verdicts: [UInt32: SeccompVerdict] = [:]
        for table in interface.tables {
            for rule in profile.rules {
                for name in rule.names {
                    guard let number = SeccompNumbers.number(of: name, in: table) else { continue }
                    verdicts[number] = rule.verdict
                }
            }
        }
        var starts: Set<UInt32> = [0]
        for number in verdicts.keys { starts.formUnion([number, number + 1]) }
        for table in interface.tables { starts.formUnion([table.base, table.base + table.newest + 1]) }
        var ranges: [Range] = []
        for start in starts.sorted() {
            let verdict = verdicts[start] ?? fallback(start, in: interface)
            if ranges.last?.verdict != verdict { ranges.append(Range(start: start, verdict: verdict)) }
        }
        return ranges
    }

    /// What happens to a number without a rule: a known call is forbidden, an unknown one does not exist.
    private static func fallback(_ number: UInt32, in interface: SeccompInterface) -> SeccompVerdict {
        let isKnown = interface.tables.contains { ($0.base...$0.base + $0.newest).contains(number) }
        return .refuse(isKnown ? SeccompErrno.notPermitted : SeccompErrno.notImplemented)
    }

    private static func searchTree(_ ranges: ArraySlice<Range>) -> [BPFInstruction] {
        guard ranges.count > 1 else { return ranges.first.map { instructions(for: $0.verdict) } ?? [] }
        let middle = ranges.startIndex + ranges.count / 2
        let lower = searchTree(ranges[..<middle])
        let upper = searchTree(ranges[middle...])
        let start = ranges[middle].start
        // A conditional jump reaches 255 instructions far.
        guard let distance = UInt8(exactly: lower.count) else {
            return [.jumpIfAtLeast(start, 0, else: 1), .jump(over: UInt32(lower.count))] + lower + upper
        }
        return [.jumpIfAtLeast(start, distance, else: 0)] + lower + upper
    }

    private static func instructions(for verdict: SeccompVerdict) -> [BPFInstruction] {
        switch verdict {
        case .allow: [.allow]
        case .refuse(let errno): [.refuse(errno)]
        case .allowIf(let test): [.loadFirstArgument] + instructions(for: test)
        }
    }

    private static func instructions(for test: SeccompArgumentTest) -> [BPFInstruction] {
        let refuse = BPFInstruction.refuse(SeccompErrno.notPermitted)
        switch test {
        case .withoutBits(let mask):
            return [.jumpIfAnyBit(mask, 1, else: 0), .allow, refuse]
        case .among(let values):
            return values.flatMap { [.jumpIfEqual($0, 0, else: 1), .allow] } + [refuse]
        case .notAmong(let values):
            return values.flatMap { [.jumpIfEqual($0, 0, else: 1), refuse] } + [.allow]
        }
    }
}
