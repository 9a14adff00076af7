/// A machine, with every way in which its programs can call the kernel.
package enum SeccompArchitecture: Hashable, Sendable, CaseIterable {
    case amd64
    case arm64

    /// The machine that this program was built for, nil when it has no filter.
    package static var current: SeccompArchitecture? {
        #if arch(x86_64)
            .amd64
        #elseif arch(arm64)
            .arm64
        #else
            nil
        #endif
    }

    /// The interfaces of the machine, each once in the numbering that the kernel shows to filters.
    var interfaces: [SeccompInterface] {
        switch self {
        case .amd64:
            [
                SeccompInterface(auditNumber: 0xC000_003E, tables: [.amd64, .x32]),
                SeccompInterface(auditNumber: 0x4000_0003, tables: [.i386]),
            ]
        case .arm64:
            [
                SeccompInterface(auditNumber: 0xC000_00B7, tables: [.arm64]),
                SeccompInterface(auditNumber: 0x4000_0028, tables: [.arm]),
            ]
        }
    }
}

/// A calling interface, as filters tell it apart.
///
/// Source: `AUDIT_ARCH_*` in `linux/audit.h`.
struct SeccompInterface: Hashable, Sendable {
    var auditNumber: UInt32

    /// The tables of numbers that live in it, each in a range of its own.
    var tables: [SeccompTable]
}

/// A table of system call numbers.
enum SeccompTable: Hashable, Sendable {
    case amd64, x32, i386, arm64, arm

    /// The name of the table in libseccomp.
    var token: UInt32 {
        switch self {
        case .amd64: 0xC000_003E
        case .x32: 0x4000_003E
        case .i386: 0x4000_0003
        case .arm64: 0xC000_00B7
        case .arm: 0x4000_0028
        }
    }

    /// The largest number, without the base, that the lists here account for.
    var newest: UInt32 {
        // Some calls of this table have numbers of their own, beyond those that all tables share.
        self == .x32 ? 547 : SeccompNumbers.newest
    }

    /// What is added to every number of the table.
    var base: UInt32 {
        self == .x32 ? 0x4000_0000 : 0
    }
}
