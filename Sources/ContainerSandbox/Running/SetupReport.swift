import ByteStrings
import SystemPackage

/// What the first process of a container told before it ended.
struct SetupReport: Hashable, Sendable {
    /// The bytes of a report; none arrive when the command was executed.
    static let size = 12

    private var operation: UInt32
    private var errorNumber: Errno
    private var detail: UInt32

    /// Reads a report, or returns nil when the bytes are not one.
    init?(_ bytes: [UInt8]) {
        guard bytes.count == Self.size else { return nil }
        func integer(_ index: Int) -> UInt32 {
            bytes[(index * 4)..<(index * 4 + 4)].reversed().reduce(0) { $0 << 8 | UInt32($1) }
        }
        operation = integer(0)
        errorNumber = Errno(rawValue: CInt(truncatingIfNeeded: integer(1)))
        detail = integer(2)
    }

    /// The failure in terms of the operations that were to be carried out.
    func error(in operations: [SetupOperation]) -> ExecutorError {
        guard operation < operations.count else { return .malformedPolicy(errorNumber) }
        switch operations[Int(operation)] {
        case .execute(_, let arguments, _): return execution(of: arguments.first ?? "")
        case .changeDirectory(let path): return .workingDirectory(path, errorNumber)
        case .bindMount(let bind) where isTarget: return .forbiddenTarget(bind.target)
        case .mountFile(let file) where isTarget: return .forbiddenTarget(file.target)
        case .mountLayers(let layers) where isTarget: return .forbiddenTarget(layers.target)
        case .mountFilesystem(let filesystem) where isTarget && filesystem.isRequested:
            return .forbiddenTarget(filesystem.target)
        case let failed: return .setup(failed.description, errorNumber)
        }
    }

    private var isTarget: Bool { detail == SetupFormat.targetRefused }

    private func execution(of command: ByteString) -> ExecutorError {
        guard detail != SetupFormat.commandMissing else { return .commandNotFound(command) }
        return switch errorNumber {
        case .permissionDenied: .notExecutable(command)
        case .noSuchFileOrDirectory, .notDirectory: .interpreterNotFound(command)
        case .execFormatError: .wrongFormat(command)
        case .argListTooLong: .argumentsTooLong(command)
        default: .exec(command, errorNumber)
        }
    }
}
