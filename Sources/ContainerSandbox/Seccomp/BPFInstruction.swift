/// An instruction of classic BPF, as far as filters need them.
///
/// Source: `linux/filter.h`, `linux/seccomp.h`.
struct BPFInstruction: Hashable, Sendable {
    var code: UInt16
    var ifTrue: UInt8 = 0
    var ifFalse: UInt8 = 0
    var operand: UInt32

    /// Where the kernel shows a filter the call's number, interface and first argument's lower half.
    static let loadNumber = BPFInstruction(code: 0x20, operand: 0)
    static let loadInterface = BPFInstruction(code: 0x20, operand: 4)
    static let loadFirstArgument = BPFInstruction(code: 0x20, operand: 16)

    static func jumpIfEqual(_ value: UInt32, _ ifTrue: UInt8, else ifFalse: UInt8) -> BPFInstruction {
        BPFInstruction(code: 0x15, ifTrue: ifTrue, ifFalse: ifFalse, operand: value)
    }

    static func jumpIfAtLeast(_ value: UInt32, _ ifTrue: UInt8, else ifFalse: UInt8) -> BPFInstruction {
        BPFInstruction(code: 0x35, ifTrue: ifTrue, ifFalse: ifFalse, operand: value)
    }

    static func jumpIfAnyBit(_ mask: UInt32, _ ifTrue: UInt8, else ifFalse: UInt8) -> BPFInstruction {
        BPFInstruction(code: 0x45, ifTrue: ifTrue, ifFalse: ifFalse, operand: mask)
    }

    static func jump(over count: UInt32) -> BPFInstruction {
        BPFInstruction(code: 0x05, operand: count)
    }

    static let allow = BPFInstruction(code: 0x06, operand: 0x7FFF_0000)
    static let killProcess = BPFInstruction(code: 0x06, operand: 0x8000_0000)

    static func refuse(_ errno: UInt16) -> BPFInstruction {
        BPFInstruction(code: 0x06, operand: 0x0005_0000 | UInt32(errno))
    }

    /// The eight bytes that the kernel reads, in the order of this machine's kind: little-endian.
    var bytes: [UInt8] {
        func split(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) } }
        return Array(split(UInt32(code))[..<2]) + [ifTrue, ifFalse] + split(operand)
    }
}
