import CSeccomp
import Foundation
import LinuxSystem
import Testing

@testable import ContainerSandbox

@Suite struct SeccompFilterTests {
    private static let allow: UInt32 = 0x7FFF_0000
    private static let notPermitted: UInt32 = 0x0005_0001
    private static let notImplemented: UInt32 = 0x0005_0026
    private static let kill: UInt32 = 0x8000_0000

    /// Runs a filter as the kernel would.
    private func verdict(
        _ architecture: SeccompArchitecture,
        _ interface: UInt32,
        _ number: UInt32,
        argument: UInt64 = 0
    ) -> UInt32? {
        let filter = SeccompFilter.bytes(for: architecture)
        var position = 0
        var accumulator: UInt32 = 0
        func word(_ offset: Int) -> UInt32 {
            (0..<4).reduce(0) { $0 | UInt32(filter[offset + $1]) << ($1 * 8) }
        }
        while position * 8 < filter.count {
            let start = position * 8
            let operand = word(start + 4)
            position += 1
            switch filter[start] {
            case 0x20:
                accumulator =
                    switch operand {
                    case 0: number
                    case 4: interface
                    case 16: UInt32(truncatingIfNeeded: argument)
                    default: .max
                    }
            case 0x05: position += Int(operand)
            case 0x06: return operand
            case let jump:
                let isTrue =
                    switch jump {
                    case 0x15: accumulator == operand
                    case 0x35: accumulator >= operand
                    default: accumulator & operand != 0
                    }
                position += Int(filter[start + (isTrue ? 2 : 3)])
            }
        }
        return nil
    }

    private static let amd64: UInt32 = 0xC000_003E
    private static let i386: UInt32 = 0x4000_0003
    private static let arm64: UInt32 = 0xC000_00B7

    @Test(
        arguments: [
            (0, allow), (1, allow), (59, allow), (101, allow), (161, allow), (158, allow), (154, allow),
            (165, notPermitted), (166, notPermitted), (155, notPermitted), (272, notPermitted), (308, notPermitted),
            (250, notPermitted), (321, notPermitted), (298, notPermitted), (323, notPermitted), (425, notPermitted),
            (304, notPermitted), (175, notPermitted), (103, notPermitted), (163, notPermitted), (237, notPermitted),
            (435, notImplemented), (335, allow), (451, allow), (452, allow), (459, notPermitted), (462, allow),
            (466, allow), (467, notImplemented), (2000, notImplemented), (.max, notImplemented),
            (0x4000_0000, allow), (0x4000_0000 | 165, notPermitted), (0x4000_0000 | 2000, notImplemented),
        ] as [(UInt32, UInt32)]
    )
    func callsOfThisMachineHaveTheirVerdicts(_ number: UInt32, _ expected: UInt32) {
        #expect(verdict(.amd64, Self.amd64, number) == expected)
    }

    @Test(
        arguments: [
            (41, 2, allow), (41, 38, notPermitted), (41, 40, notPermitted), (41, 39, allow), (41, 41, allow),
            // The kernel reads an int, so must the filter.
            (41, 0x1_0000_0026, notPermitted),
            (56, 0x11, allow), (56, 0x1000_0000, notPermitted), (56, 0x0002_0000, notPermitted),
            (56, 0x0002_0000_0000_0000, allow),
            (135, 0, allow), (135, 8, allow), (135, 0x20008, allow), (135, 0xFFFF_FFFF, allow), (135, 1, notPermitted),
        ] as [(UInt32, UInt64, UInt32)]
    )
    func argumentsAreLookedAt(_ number: UInt32, _ argument: UInt64, _ expected: UInt32) {
        #expect(verdict(.amd64, Self.amd64, number, argument: argument) == expected)
    }

    @Test(
        arguments: [
            (102, 0, allow), (359, 2, allow), (359, 38, notPermitted), (361, 0, allow), (395, 0, allow),
            (120, 0x1000_0000, notPermitted), (435, 0, notImplemented), (21, 0, notPermitted), (467, 0, notImplemented),
        ] as [(UInt32, UInt64, UInt32)]
    )
    func callsOfThirtyTwoBitProgramsHaveTheirVerdicts(_ number: UInt32, _ argument: UInt64, _ expected: UInt32) {
        #expect(verdict(.amd64, Self.i386, number, argument: argument) == expected)
    }

    @Test(
        arguments: [
            (0xC000_00B7, 63, allow), (0xC000_00B7, 40, notPermitted), (0xC000_00B7, 435, notImplemented),
            (0xC000_00B7, 452, allow), (0xC000_00B7, 467, notImplemented), (0xC000_00B7, 335, notPermitted),
            (0x4000_0028, 3, allow), (0x4000_0028, 0xF0002, allow), (0x4000_0028, 0xF0005, allow),
            (0x4000_0028, 0xF0003, notImplemented), (0x4000_0028, 21, notPermitted),
        ] as [(UInt32, UInt32, UInt32)]
    )
    func callsOfTheOtherMachineHaveTheirVerdicts(_ interface: UInt32, _ number: UInt32, _ expected: UInt32) {
        #expect(verdict(.arm64, interface, number) == expected)
    }

    @Test(arguments: [0, 0xC000_00B7, 0x8000_0016] as [UInt32])
    func aProgramOfAnotherMachineEnds(_ interface: UInt32) {
        #expect(verdict(.amd64, interface, 0) == Self.kill)
    }

    /// Every name that libseccomp gives a number must get the verdict of its rule, and no other number must be allowed.
    @Test func everyNumberHasTheVerdictOfItsName() throws {
        var expected: [String: SeccompVerdict] = [:]
        for rule in SeccompProfile.standard.rules { for name in rule.names { expected[name] = rule.verdict } }
        for (table, interface) in [(SeccompTable.amd64, Self.amd64), (.i386, Self.i386), (.x32, Self.amd64)] {
            for number in table.base..<(table.base + 450) {
                guard let text = seccomp_syscall_resolve_num_arch(table.token, Int32(number)) else { continue }
                let name = String(cString: text)
                free(text)
                let wanted =
                    switch expected[name] {
                    case .allow, .allowIf: Self.allow
                    case .refuse: Self.notImplemented
                    case nil: Self.notPermitted
                    }
                #expect(verdict(.amd64, interface, number) == wanted, "\(name) \(number) \(table)")
            }
        }
    }

    @Test func theFilterIsSmallEnoughForTheKernel() {
        for architecture in SeccompArchitecture.allCases {
            #expect(SeccompFilter.bytes(for: architecture).count % 8 == 0)
            #expect((100...4096).contains(SeccompFilter.bytes(for: architecture).count / 8))
        }
    }
}
