import ByteStrings
import LinuxSystem
import SystemPackage

/// A container that has everything but a command: its first process waits for that.
///
/// Dropped, it is gone: its process is killed and waited for.
package struct WaitingContainer: ~Copyable, Sendable {
    /// What it was started with.
    package let shape: ContainerShape
    let process: ProcessHandle
    private let output: OwnedDescriptor
    private let errorOutput: OwnedDescriptor
    private let report: OwnedDescriptor
    private let commands: OwnedDescriptor

    /// Behind the process, which must be gone before it.
    private let group: OwnedCgroup

    /// Starts the first process, and does not wait for what it does.
    init(
        program: borrowing OwnedDescriptor,
        shape: ContainerShape,
        preparation: [SetupOperation],
        group: consuming OwnedCgroup
    ) throws(SystemError) {
        let policy = try MemoryFile.sealed(name: "slipway-policy", bytes: PolicyEncoder.encode(preparation))
        let input = try OwnedDescriptor.openFile("/dev/null", .readOnly)
        let outputPipe = try OwnedDescriptor.makePipe()
        let errorPipe = try OwnedDescriptor.makePipe()
        let reportPipe = try OwnedDescriptor.makePipe()
        let channel = try DescriptorChannel()
        let folders = try OpenCgroup(group.group)
        var extra = [policy.rawValue, reportPipe.writeEnd.rawValue, channel.receivingDescriptor]
        if case .joined(let network) = shape.network { extra.append(network) }
        process = try ContainerProcess.spawn(
            executable: program,
            arguments: ["slipway-init"],
            environment: [],
            standardInput: input.rawValue,
            standardOutput: outputPipe.writeEnd.rawValue,
            standardError: errorPipe.writeEnd.rawValue,
            extraDescriptors: extra,
            namespaces: Self.namespaces(of: shape),
            groups: folders.descriptors
        )
        // Until here the descriptors that the process joined by must be open.
        withExtendedLifetime(folders) {}
        output = outputPipe.takeReadEnd()
        errorOutput = errorPipe.takeReadEnd()
        report = reportPipe.takeReadEnd()
        commands = channel.takeSender()
        self.shape = shape
        self.group = group
    }

    private static func namespaces(of shape: ContainerShape) -> NamespaceFlags {
        let always: NamespaceFlags = [.mount, .processes, .messages, .hostName, .controlGroup]
        return shape.network == .none ? always.union(.network) : always
    }

    /// Hands the first process the rest of what it has to do.
    ///
    /// `trees` are what ``ContainerRequest/path(ofTree:)`` counts. That the process is gone already is told by what comes
    /// back, see ``RunningContainer/wasReached``.
    consuming func start(
        _ operations: [SetupOperation],
        trees: [MountedTree],
        as user: ResolvedUser
    ) throws(SystemError) -> RunningContainer {
        try OutputPipe.give(output, to: user)
        try OutputPipe.give(errorOutput, to: user)
        let policy = try MemoryFile.sealed(name: "slipway-policy", bytes: PolicyEncoder.encode(operations))
        // The socket alone does not tell: a process that is just being started may have a copy of the other end.
        var wasReached = try !process.hasEnded()
        do {
            try DescriptorChannel.send(trees.map { $0.root.rawValue } + [policy.rawValue], by: commands)
        } catch {
            guard error.errno == .brokenPipe || error.errno == .connectionReset else { throw error }
            wasReached = false
        }
        return RunningContainer(
            process: process,
            output: output,
            errorOutput: errorOutput,
            report: report,
            group: group,
            wasReached: wasReached
        )
    }
}
