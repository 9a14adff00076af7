// The first process of a container: carries out the policies it is given, then becomes the command.
//
// It is started with the standard streams, the first policy, the report and the socket for the second policy on fixed
// descriptors, perhaps a network, and nothing else open, with an empty environment, in a session and in namespaces of
// its own. It decides nothing: what it does and in which order stands in the policies. It may wait between the two, for
// containers are got ready while other commands still run.
import CSandboxInit

@main
struct Init {
    /// What shells return for a command that is missing or cannot be executed, and for failures of our own.
    private static let exitCodes = (missing: Int32(127), refused: Int32(126), setup: Int32(125))

    static func main() {
        var current = SetupFormat.noOperation
        do {
            try prepare()
            try carryOut(policy(SetupFormat.policyDescriptor), &current)
        } catch {
            report(error, at: current)
        }
        init_exit(exitCodes.setup)
    }

    /// Makes the process deaf and blind to others before anything of the policy is read.
    private static func prepare() throws(SetupFailure) {
        try check(init_close_on_exec(SetupFormat.reportDescriptor))
        try check(init_close_on_exec(SetupFormat.commandDescriptor))
        try check(init_set_dumpable(false))
        init_set_umask(0)
    }

    /// A reader of the operations of the policy in a file.
    private static func policy(_ descriptor: Int32) throws(SetupFailure) -> PolicyReader {
        var start: UnsafePointer<UInt8>?
        let size = init_map(descriptor, &start)
        guard size >= 0 else { throw SetupFailure(errorNumber: Int32(-size)) }
        var reader = PolicyReader(UnsafeRawBufferPointer(start: start, count: Int(size)))
        guard try reader.integer32() == SetupFormat.magic, try reader.integer32() == SetupFormat.version else {
            throw .malformed
        }
        return reader
    }

    /// Waits for the second policy, and leaves at once when nobody will send it any more.
    private static func commandPolicy() throws(SetupFailure) -> PolicyReader {
        // What comes now gets the lowest free numbers, and the second policy counts on them: the first stays open so long.
        var last: Int32 = -1
        guard try check(init_receive_descriptors(SetupFormat.commandDescriptor, &last)) > 0 else { init_exit(1) }
        let reader = try policy(last)
        for descriptor in [SetupFormat.policyDescriptor, SetupFormat.commandDescriptor, last] {
            try check(init_close(descriptor))
        }
        return reader
    }

    private static func carryOut(_ policy: PolicyReader, _ current: inout UInt32) throws(SetupFailure) {
        var reader = policy
        var isFirst = true
        var container = Container()
        while !reader.isAtEnd {
            current = current == SetupFormat.noOperation ? 0 : current + 1
            guard let opcode = SetupOpcode(rawValue: try reader.integer16()) else { throw .malformed }
            _ = try reader.integer16()
            var fields = try reader.section(try reader.integer32())
            if opcode == .awaitCommand, isFirst {
                guard reader.isAtEnd else { throw .malformed }
                container.letGo()
                reader = try commandPolicy()
                isFirst = false
            } else {
                try container.perform(opcode, &fields)
            }
            guard fields.isAtEnd else { throw .malformed }
        }
        // The second policy ends by becoming the command.
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
