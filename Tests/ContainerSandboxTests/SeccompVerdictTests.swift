import Foundation
import TestSupport
import Testing

@testable import ContainerSandbox

/// The whole filter against tables of what Docker's profile says of every system call, one for each way to call the
/// kernel.
///
/// S15: a call must not be let through by another interface of the same machine. CVE class: filters that look at the
/// number alone, and CVE-2026-31431 for the socket family of the kernel's cryptography.
@Suite struct SeccompVerdictTests {
    /// A calling interface and its table in `testdata/sandbox`.
    enum Table: String, CaseIterable {
        case amd64, x32, i386, arm64, arm

        var architecture: SeccompArchitecture { self == .arm64 || self == .arm ? .arm64 : .amd64 }

        /// `AUDIT_ARCH_*`; x32 is told from amd64 by its numbers alone.
        var interface: UInt32 {
            switch self {
            case .amd64, .x32: 0xC000_003E
            case .i386: 0x4000_0003
            case .arm64: 0xC000_00B7
            case .arm: 0x4000_0028
            }
        }

        var base: UInt32 { self == .x32 ? 0x4000_0000 : 0 }

        /// Up to here an unlisted number is a known call without permission, beyond it a call that does not exist yet.
        var newest: UInt32 { self == .x32 ? 547 : 466 }

        /// Number, name and verdict of every call.
        var rows: [(number: UInt32, name: String, verdict: String)] {
            get throws {
                let file = Testdata.root.appendingPathComponent("sandbox/seccomp-\(rawValue).txt")
                return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map { line in
                    let words = line.split(separator: " ").map(String.init)
                    return (try #require(UInt32(words[0])), words[1], words[2])
                }
            }
        }
    }

    private static let notPermitted = FilterMachine.Verdict.refuse(1)
    private static let notImplemented = FilterMachine.Verdict.refuse(38)

    /// Values of a first argument that a rule might take for another.
    private static let arguments: [UInt64] =
        Array(0..<70) + (0..<64).map { 1 << $0 } + [
            0x7E02_0000, 0x0002_0011, 0x7C02_0000, 0x20008, 0x20009, 0xFFFF_FFFF, 0xFFFF_FFFE, .max, 0x1_0000_0026,
            0x1_0000_0002, 0x3D0F00, 0x1200011,
        ]

    /// What the profile says, derived anew.
    private static func expected(_ verdict: String, _ argument: UInt64) -> FilterMachine.Verdict? {
        let value = UInt32(truncatingIfNeeded: argument)
        switch verdict {
        case "allow": return .allow
        case "EPERM": return notPermitted
        case "ENOSYS": return notImplemented
        case "clone": return value & 0x7E02_0000 == 0 ? .allow : notPermitted
        case "personality": return [0, 8, 0x20000, 0x20008, 0xFFFF_FFFF].contains(value) ? .allow : notPermitted
        case "socket": return value < 38 || value == 39 || value > 40 ? .allow : notPermitted
        default: return nil
        }
    }

    @Test(arguments: Table.allCases)
    func everyCallHasTheVerdictOfTheProfile(_ table: Table) throws {
        let machine = try FilterMachine(SeccompFilter.bytes(for: table.architecture))
        let rows = try table.rows
        #expect(rows.count > 300)
        for row in rows {
            for argument in Self.arguments {
                let verdict = machine.run(interface: table.interface, number: row.number, argument: argument).verdict
                let wanted = try #require(Self.expected(row.verdict, argument), "\(row.verdict)")
                #expect(verdict == wanted, "\(row.name) (\(row.number)) with \(argument)")
            }
        }
    }

    @Test(arguments: Table.allCases)
    func everyOtherNumberIsRefused(_ table: Table) throws {
        let machine = try FilterMachine(SeccompFilter.bytes(for: table.architecture))
        let known = Set(try table.rows.map(\.number))
        for number in table.base..<(table.base + 4096) where !known.contains(number) {
            let verdict = machine.run(interface: table.interface, number: number).verdict
            let isNewer = number > table.base + table.newest
            #expect(verdict == (isNewer ? Self.notImplemented : Self.notPermitted), "\(number)")
        }
        for shift in 12..<32 as Range<UInt32> {
            let numbers: [UInt32] = [1 << shift, UInt32.max >> (31 - shift), (1 << shift) | 41]
            for number in numbers where !known.contains(number) {
                // Numbers of x32 belong to the same interface.
                if table == .amd64, number & 0x4000_0000 != 0 { continue }
                #expect(machine.run(interface: table.interface, number: number).verdict != .allow, "\(number)")
            }
        }
    }

    /// Calls that give power over the host, and never one of the fourteen capabilities.
    @Test(arguments: Table.allCases)
    func dangerousCallsAreRefusedHowsoeverTheyAreMade(_ table: Table) throws {
        let dangerous: Set<String> = [
            "acct", "add_key", "bpf", "clock_settime", "clock_settime64", "clone3", "create_module", "delete_module",
            "fanotify_init", "finit_module", "fsconfig", "fsmount", "fsopen", "fspick", "get_kernel_syms",
            "get_mempolicy", "init_module", "io_uring_enter", "io_uring_register", "io_uring_setup", "ioperm", "iopl",
            "kcmp", "kexec_file_load", "kexec_load", "keyctl", "lookup_dcookie", "lsm_set_self_attr", "mbind",
            "migrate_pages", "mount", "mount_setattr", "move_mount", "move_pages", "nfsservctl", "open_by_handle_at",
            "open_tree", "perf_event_open", "pidfd_getfd", "pivot_root", "process_madvise", "query_module", "quotactl",
            "quotactl_fd", "reboot", "request_key", "set_mempolicy", "setdomainname", "sethostname", "setns",
            "settimeofday", "stime", "swapoff", "swapon", "_sysctl", "sysfs", "syslog", "umount", "umount2",
            "unshare", "uselib", "userfaultfd", "ustat", "vhangup", "vm86", "vm86old",
        ]
        let machine = try FilterMachine(SeccompFilter.bytes(for: table.architecture))
        let found = try table.rows.filter { dangerous.contains($0.name) }
        #expect(found.count >= 40)
        for row in found {
            for argument in Self.arguments {
                let verdict = machine.run(interface: table.interface, number: row.number, argument: argument).verdict
                #expect(verdict == Self.notPermitted || verdict == Self.notImplemented, "\(row.name)")
            }
        }
    }

    @Test(arguments: SeccompArchitecture.allCases)
    func anotherMachinesInterfaceEndsTheProcess(_ architecture: SeccompArchitecture) throws {
        let machine = try FilterMachine(SeccompFilter.bytes(for: architecture))
        let own = Set(Table.allCases.filter { $0.architecture == architecture }.map(\.interface))
        let others: [UInt32] = [
            0, 0xC000_003E, 0x4000_0003, 0xC000_00B7, 0x4000_0028, 0x8000_0016, 0x0000_0016, 0xC000_00F3, 0xC000_0015,
            0x8000_0015, 0xC000_0102, .max,
        ]
        for interface in others where !own.contains(interface) {
            for number in 0..<600 as Range<UInt32> {
                #expect(machine.run(interface: interface, number: number).verdict == .killProcess)
            }
        }
    }

    @Test(arguments: Table.allCases)
    func everyCallIsDecidedQuickly(_ table: Table) throws {
        let machine = try FilterMachine(SeccompFilter.bytes(for: table.architecture))
        #expect(machine.count <= 1024)
        for row in try table.rows {
            #expect(machine.run(interface: table.interface, number: row.number).steps <= 32, "\(row.name)")
        }
    }

    @Test(arguments: [0, 7, 8, 12] as [Int])
    func aProgramThatLeadsNowhereIsRefused(_ kept: Int) {
        #expect(throws: FilterMachine.Malformed.self) {
            try FilterMachine(Array(SeccompFilter.bytes(for: .amd64).prefix(kept)))
        }
    }
}
