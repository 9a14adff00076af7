// The first process of a container: carries out the policy it was given, then becomes the command.
//
// It is started with the standard streams, the policy and the report on fixed descriptors and nothing else open, with
// an empty environment, in a session and in namespaces of its own. It decides nothing: what it does and in which order stands in the policy.
import CSandboxInit

@main
struct Init {
    /// What shells return for a command that is missing or cannot be executed, and for failures of our own.
    private static let exitCodes = (missing: Int32(127), refused: Int32(126), setup: Int32(125))

    static func main() {
        var current = SetupFormat.noOperation
        do {
            try prepare()
            try carryOut(reader(), &current)
        } catch {
            report(error, at: current)
        }
        init_exit(exitCodes.setup)
    }

    /// Makes the process deaf and blind to others before anything of the policy is read.
    private static func prepare() throws(SetupFailure) {
        try check(init_close_on_exec(SetupFormat.reportDescriptor))
        try check(init_set_dumpable(false))
        init_set_umask(0)
    }

    private static func reader() throws(SetupFailure) -> PolicyReader {
        var start: UnsafePointer<UInt8>?
        let size = init_map(SetupFormat.policyDescriptor, &start)
        guard size >= 0 else { throw SetupFailure(errorNumber: Int32(-size)) }
        try check(init_close(SetupFormat.policyDescriptor))
        return PolicyReader(UnsafeRawBufferPointer(start: start, count: Int(size)))
    }

    private static func carryOut(_ policy: PolicyReader, _ current: inout UInt32) throws(SetupFailure) {
        var reader = policy
        guard try reader.integer32() == SetupFormat.magic, try reader.integer32() == SetupFormat.version else {
            throw .malformed
        }
        var container = Container()
        while !reader.isAtEnd {
            current = current == SetupFormat.noOperation ? 0 : current + 1
            guard let opcode = SetupOpcode(rawValue: try reader.integer16()) else { throw .malformed }
            _ = try reader.integer16()
            var fields = try reader.section(try reader.integer32())
            try container.perform(opcode, &fields)
            guard fields.isAtEnd else { throw .malformed }
        }
        // A policy ends by becoming the command.
        throw .malformed
    }

    private static func report(_ failure: SetupFailure, at operation: UInt32) {
        var record = (operation.littleEndian, UInt32(failure.errorNumber).littleEndian, failure.detail.littleEndian)
        _ = withUnsafeBytes(of: &record) { bytes in
            init_write(SetupFormat.reportDescriptor, bytes.baseAddress, UInt32(bytes.count))
        }
        switch failure.detail {
        case SetupFormat.commandMissing: init_exit(exitCodes.missing)
        case SetupFormat.commandRefused: init_exit(exitCodes.refused)
        default: init_exit(exitCodes.setup)
        }
    }
}
