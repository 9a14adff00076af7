package import ByteStrings
import CLinuxSystem
import Glibc
import SystemPackage

/// Starts programs in namespaces of their own.
package enum ContainerProcess {
    /// The most descriptors beside the three standard ones that a process can be given.
    static var mostExtraDescriptors: Int { slipway_spawn_most_extra }

    /// Which way of making a process is tried first; the others follow when the kernel refuses.
    enum FirstWay: CInt, CaseIterable {
        case clone3, clone, fork
    }

    /// Starts a program and returns when it runs.
    ///
    /// - Parameters:
    ///   - executable: An ELF file; it need not have a name anywhere.
    ///   - arguments: The first is the name that the program sees for itself.
    ///   - environment: `NAME=value` each; nothing of this process's own is added.
    ///   - standardInput: Becomes descriptor 0; borrowed.
    ///   - standardOutput: Becomes descriptor 1; borrowed.
    ///   - standardError: Becomes descriptor 2; borrowed.
    ///   - extraDescriptors: Become 3, 4 and so on; borrowed. All other descriptors are closed in the process.
    ///   - namespaces: Those that the process gets new.
    ///   - groups: Control groups that the process is in before it starts; a new namespace of them begins there.
    ///   - newSession: Whether it leads a session of its own, without a terminal.
    ///   - parentDeathSignal: Sent when the calling thread ends, so call from ``BlockingThread`` or ``ReservedThread``.
    /// - Returns: A handle that kills the process when it is dropped.
    /// - Throws: The first step that failed, such as `EPERM` for namespaces or `ENOEXEC` for the program; no process is
    ///   left behind then.
    ///
    /// Signals start unblocked and with their default reactions. System calls: `clone3(2)`, `execveat(2)`.
    package static func spawn(
        executable: borrowing OwnedDescriptor,
        arguments: [ByteString],
        environment: [ByteString],
        standardInput: CInt,
        standardOutput: CInt,
        standardError: CInt,
        extraDescriptors: [CInt] = [],
        namespaces: NamespaceFlags = [],
        groups: CgroupDescriptors = CgroupDescriptors(),
        newSession: Bool = true,
        parentDeathSignal: Signal? = .kill
    ) throws(SystemError) -> ProcessHandle {
        try spawn(
            executable: executable,
            arguments: arguments,
            environment: environment,
            standard: [standardInput, standardOutput, standardError],
            extraDescriptors: extraDescriptors,
            namespaces: namespaces,
            groups: groups,
            newSession: newSession,
            parentDeathSignal: parentDeathSignal,
            firstWay: .clone3
        )
    }

    static func spawn(
        executable: borrowing OwnedDescriptor,
        arguments: [ByteString],
        environment: [ByteString],
        standard: [CInt],
        extraDescriptors: [CInt],
        namespaces: NamespaceFlags,
        groups: CgroupDescriptors = CgroupDescriptors(),
        newSession: Bool,
        parentDeathSignal: Signal?,
        firstWay: FirstWay,
        withoutCloseRange: Bool = false
    ) throws(SystemError) -> ProcessHandle {
        guard standard.count == 3, !(arguments + environment).contains(where: { $0.bytes.contains(0) }) else {
            throw SystemError(operation: "start a program", errno: .invalidArgument)
        }
        let program = executable.rawValue
        let (members, unified) = (groups.folders, groups.unified ?? -1)
        var pidfd: CInt = -1
        var pid: pid_t = 0
        try systemCall("start a program") {
            withVector(arguments) { arguments in
                withVector(environment) { environment in
                    members.withUnsafeBufferPointer { members in
                        extraDescriptors.withUnsafeBufferPointer { extra in
                            var request = slipway_spawn_request(
                                executable: program,
                                arguments: arguments,
                                environment: environment,
                                standard: (standard[0], standard[1], standard[2]),
                                extra: extra.baseAddress,
                                extra_count: extra.count,
                                namespaces: namespaces.rawValue,
                                groups: members.baseAddress,
                                group_count: members.count,
                                unified_group: unified,
                                new_session: newSession ? 1 : 0,
                                parent_death_signal: parentDeathSignal?.rawValue ?? 0,
                                without_close_range: withoutCloseRange ? 1 : 0
                            )
                            return slipway_spawn(&request, firstWay.rawValue, &pidfd, &pid)
                        }
                    }
                }
            }
        }
        return ProcessHandle(pidfd: OwnedDescriptor(adopting: pidfd), pid: pid)
    }

    /// Calls `body` with a NULL-terminated list of NUL-terminated copies.
    static func withVector<Result>(
        _ strings: [ByteString],
        _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>?) -> Result
    ) -> Result {
        var storage: [CChar] = []
        for string in strings { storage += string.bytes.map { CChar(bitPattern: $0) } + [0] }
        return storage.withUnsafeMutableBufferPointer { characters in
            var next = characters.baseAddress
            var list: [UnsafeMutablePointer<CChar>?] = []
            for string in strings {
                list.append(next)
                next = next.map { $0 + string.count + 1 }
            }
            list.append(nil)
            return list.withUnsafeBufferPointer { body($0.baseAddress) }
        }
    }
}
