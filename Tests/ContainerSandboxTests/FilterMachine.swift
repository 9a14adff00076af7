/// Runs filters of system calls as the kernel would, and refuses what the kernel would refuse to load.
///
/// Source: `linux/filter.h`, `linux/seccomp.h`, "seccomp_check_filter" and "bpf_check_classic" of the kernel.
struct FilterMachine {
    enum Verdict: Hashable {
        case allow, killProcess
        case refuse(UInt16)
    }

    /// Why the kernel would not load the program.
    struct Malformed: Error {
        let position: Int
    }

    private struct Instruction {
        var code: UInt16
        var ifTrue: Int
        var ifFalse: Int
        var operand: UInt32
    }

    private let program: [Instruction]

    /// Loads a program of eight bytes an instruction, checking every jump.
    init(_ bytes: [UInt8]) throws {
        guard bytes.count % 8 == 0, (1...4096).contains(bytes.count / 8) else { throw Malformed(position: 0) }
        var program: [Instruction] = []
        for start in stride(from: 0, to: bytes.count, by: 8) {
            var operand: UInt32 = 0
            for index in (4..<8).reversed() { operand = operand << 8 | UInt32(bytes[start + index]) }
            let code = UInt16(bytes[start]) | UInt16(bytes[start + 1]) << 8
            let (ifTrue, ifFalse) = (Int(bytes[start + 2]), Int(bytes[start + 3]))
            program.append(Instruction(code: code, ifTrue: ifTrue, ifFalse: ifFalse, operand: operand))
        }
        self.program = program
        for (position, instruction) in program.enumerated() {
            let left = program.count - position - 1
            switch instruction.code {
            case 0x06: break
            case 0x20:
                guard instruction.operand % 4 == 0, instruction.operand < 64 else {
                    throw Malformed(position: position)
                }
            case 0x05:
                guard instruction.operand < left else { throw Malformed(position: position) }
            case 0x15, 0x25, 0x35, 0x45:
                guard instruction.ifTrue < left, instruction.ifFalse < left else { throw Malformed(position: position) }
            default: throw Malformed(position: position)
            }
        }
        guard program.last?.code == 0x06 else { throw Malformed(position: program.count - 1) }
    }

    /// How many instructions there are.
    var count: Int { program.count }

    /// What happens to a call, and after how many instructions.
    func run(interface: UInt32, number: UInt32, argument: UInt64 = 0) -> (verdict: Verdict, steps: Int) {
        var accumulator: UInt32 = 0
        var position = 0
        var steps = 0
        while true {
            let instruction = program[position]
            position += 1
            steps += 1
            switch instruction.code {
            case 0x06: return (Self.verdict(instruction.operand), steps)
            case 0x20:
                accumulator =
                    switch instruction.operand {
                    case 0: number
                    case 4: interface
                    case 16: UInt32(truncatingIfNeeded: argument)
                    case 20: UInt32(truncatingIfNeeded: argument >> 32)
                    default: 0
                    }
            case 0x05: position += Int(instruction.operand)
            default:
                let isTrue =
                    switch instruction.code {
                    case 0x15: accumulator == instruction.operand
                    case 0x25: accumulator > instruction.operand
                    case 0x35: accumulator >= instruction.operand
                    default: accumulator & instruction.operand != 0
                    }
                position += isTrue ? instruction.ifTrue : instruction.ifFalse
            }
        }
    }

    private static func verdict(_ value: UInt32) -> Verdict {
        switch value & 0xFFFF_0000 {
        case 0x7FFF_0000: .allow
        case 0x0005_0000: .refuse(UInt16(truncatingIfNeeded: value))
        default: .killProcess
        }
    }
}
