package import ByteStrings
package import LinuxSystem
package import SystemPackage

/// Why a command could not be started in a container.
package enum ExecutorError: Error, Hashable, Sendable {
    /// `slipway-init` is neither part of the program nor beside it.
    case initNotFound

    /// A value that a container cannot be given; the text names it.
    case invalidRequest(String)

    /// A mount target that the container reserves: its root, or anything in `/proc` and `/sys`.
    case forbiddenTarget(ByteString)

    /// An operation of the set-up failed; the text says what was attempted.
    case setup(String, Errno)

    /// The first process could not read what it was to do.
    case malformedPolicy(Errno)

    /// The working directory is missing, not a folder, or outside the root.
    case workingDirectory(ByteString, Errno)

    /// There is no such command in the container.
    case commandNotFound(ByteString)

    /// The command is a folder, or lacks the permission to be executed.
    case notExecutable(ByteString)

    /// The command names an interpreter or a dynamic linker that is not in the container.
    case interpreterNotFound(ByteString)

    /// The command is a program for another processor, or no program at all.
    case wrongFormat(ByteString)

    /// Arguments and environment together are more than the kernel takes.
    case argumentsTooLong(ByteString)

    /// The kernel refused the command for another reason.
    case exec(ByteString, Errno)

    /// No container can be set up where this process is.
    case refused(SandboxRefusal)

    /// The machinery around the container failed.
    case system(SystemError)

    /// A limit cannot be applied on this machine.
    case limit(CgroupError)

    /// The command failed after the kernel had killed a process of it, because there was no memory left for it.
    ///
    /// `limit` is in bytes, nil when none was asked for.
    case outOfMemory(ExitStatus, limit: UInt64?)

    /// The run was cancelled.
    case cancelled

    /// Whether the kernel killed a process of the command for lack of memory.
    package var wasKilledForMemory: Bool {
        if case .outOfMemory = self { true } else { false }
    }

    /// What a shell would return for a command that cannot be started or was killed for its memory, or nil when the
    /// fault is elsewhere.
    package var shellExitCode: Int32? {
        switch self {
        case .commandNotFound: 127
        case .notExecutable, .interpreterNotFound, .wrongFormat, .argumentsTooLong, .exec: 126
        case .outOfMemory(let status, _): status.shellCode
        default: nil
        }
    }
}

extension ExecutorError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .initNotFound: "cannot find `slipway-init`, which starts containers; install it beside the program"
        case .invalidRequest(let reason): reason
        case .forbiddenTarget(let path): "nothing may be mounted on `\(path)`"
        case .setup(let operation, let errno): "cannot \(operation): \(Self.reason(errno))"
        case .malformedPolicy(let errno): "the first process cannot read its policy: \(Self.reason(errno))"
        case .workingDirectory(let path, let errno):
            "cannot use the working directory `\(path)`: \(Self.reason(errno))"
        case .commandNotFound(let name): "command not found: `\(name)`"
        case .notExecutable(let name): "not executable: `\(name)`"
        case .interpreterNotFound(let name): "the interpreter that `\(name)` asks for does not exist"
        case .wrongFormat(let name): "`\(name)` is not a program for this machine"
        case .argumentsTooLong(let name): "arguments and environment of `\(name)` are longer than the kernel allows"
        case .exec(let name, let errno): "cannot execute `\(name)`: \(Self.reason(errno))"
        case .refused(let refusal): refusal.description
        case .system(let error): error.description
        case .limit(let error): error.description
        case .outOfMemory(_, let limit?):
            "out of memory: the kernel killed a process of the command, which may use \(limit) bytes (`--memory`)"
        case .outOfMemory(_, nil): "out of memory: the kernel killed a process of the command"
        case .cancelled: "cancelled"
        }
    }

    private static func reason(_ errno: Errno) -> String {
        errno.description.prefix(1).lowercased() + errno.description.dropFirst()
    }
}
