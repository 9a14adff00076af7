import ByteStrings
import LinuxSystem
import SystemPackage

/// A container from the start of its first process to its end.
struct RunningContainer: ~Copyable {
    private let process: ProcessHandle
    private let output: OwnedDescriptor
    private let errorOutput: OwnedDescriptor
    private let report: OwnedDescriptor

    /// Starts the first process with its policy.
    init(
        program: borrowing OwnedDescriptor,
        policy: [UInt8],
        request: ContainerRequest,
        group: Cgroup?
    ) throws(SystemError) {
        let policyFile = try MemoryFile.sealed(name: "slipway-policy", bytes: policy)
        let input = try OwnedDescriptor.openFile("/dev/null", .readOnly)
        let outputPipe = try Self.outputPipe(of: request.user)
        let errorPipe = try Self.outputPipe(of: request.user)
        let reportPipe = try OwnedDescriptor.makePipe()
        // Only the reading ends are kept; with the pipes the others go away, once the container has its own.
        let output = try outputPipe.readEnd.duplicate()
        let errorOutput = try errorPipe.readEnd.duplicate()
        let report = try reportPipe.readEnd.duplicate()
        let folders = try OpenCgroup(group)
        process = try ContainerProcess.spawn(
            executable: program,
            arguments: ["slipway-init"],
            environment: [],
            standardInput: input.rawValue,
            standardOutput: outputPipe.writeEnd.rawValue,
            standardError: errorPipe.writeEnd.rawValue,
            extraDescriptors: Self.descriptors(policyFile.rawValue, reportPipe.writeEnd.rawValue, of: request),
            namespaces: Self.namespaces(of: request),
            groups: folders.descriptors
        )
        // Until here the descriptors that the process joined by must be open.
        withExtendedLifetime(folders) {}
        self.output = output
        self.errorOutput = errorOutput
        self.report = report
    }

    /// What the first process finds from descriptor 3 on, in the order of ``SetupFormat``.
    private static func descriptors(_ policy: CInt, _ report: CInt, of request: ContainerRequest) -> [CInt] {
        let trees = request.trees.map { $0.root.rawValue }
        guard case .joined(let network) = request.network else { return [policy, report] + trees }
        return [policy, report] + trees + [network]
    }

    private static func namespaces(of request: ContainerRequest) -> NamespaceFlags {
        let always: NamespaceFlags = [.mount, .processes, .messages, .hostName, .controlGroup]
        return request.network == .none ? always.union(.network) : always
    }

    /// A pipe whose ends the user of the container can open anew through `/dev/stdout`.
    private static func outputPipe(of user: ResolvedUser) throws(SystemError) -> Pipe {
        let pipe = try OwnedDescriptor.makePipe()
        try pipe.readEnd.setNonBlocking(true)
        do {
            // The group stays ours; the largest number stands for that.
            try pipe.writeEnd.setOwner(user.user, .max)
        } catch  where error.errno == .notPermitted || error.errno == .readOnlyFileSystem {
        }
        return pipe
    }

    // MARK: - Until the end

    /// The most that is read after the end: more than a pipe ever holds.
    private static let remainderLimit = 4 << 20

    /// Hands out what is written until the first process has ended, and tells how it did.
    ///
    /// The report is empty when the command was executed.
    consuming func follow(
        onOutput: (ContainerRunner.OutputStream, UnsafeRawBufferPointer) -> Void,
        cancellation: ContainerCancellation?
    ) throws(SystemError) -> (status: ExitStatus, report: [UInt8]) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
        defer { buffer.deallocate() }
        var written: [UInt8] = []
        var watched: Set<CInt> = [output.rawValue, errorOutput.rawValue, report.rawValue, process.pidfd]
        if let cancellation { watched.insert(cancellation.descriptor) }
        while watched.contains(process.pidfd) {
            // In ascending order: of two streams that are ready, standard output was opened first and comes first.
            for descriptor in try Poller.wait(watched.sorted()) {
                switch descriptor {
                case process.pidfd:
                    watched.remove(descriptor)
                case report.rawValue:
                    let count = try report.read(into: buffer)
                    written += buffer[..<count]
                    if count == 0 || written.count > SetupReport.size { watched.remove(descriptor) }
                case output.rawValue:
                    if try copy(.standardOutput, buffer, onOutput) == 0 { watched.remove(descriptor) }
                case errorOutput.rawValue:
                    if try copy(.standardError, buffer, onOutput) == 0 { watched.remove(descriptor) }
                default:
                    watched.remove(descriptor)
                    // The end of the first process is that of all others, and then there is no more to wait for.
                    try process.send(.kill)
                }
            }
        }
        for stream in [ContainerRunner.OutputStream.standardOutput, .standardError] {
            var rest = Self.remainderLimit
            while rest > 0, let count = try copy(stream, buffer, onOutput), count > 0 { rest -= count }
        }
        if watched.contains(report.rawValue) {
            // Nobody is left to write, so the end of the file is behind what was told.
            var count = try report.read(into: buffer)
            while count > 0, written.count <= SetupReport.size {
                written += buffer[..<count]
                count = try report.read(into: buffer)
            }
        }
        return (try process.wait(), written)
    }

    /// Hands out one chunk: its size, 0 at the end, nil when there is nothing now.
    private borrowing func copy(
        _ stream: ContainerRunner.OutputStream,
        _ buffer: UnsafeMutableRawBufferPointer,
        _ onOutput: (ContainerRunner.OutputStream, UnsafeRawBufferPointer) -> Void
    ) throws(SystemError) -> Int? {
        do {
            let count =
                stream == .standardOutput ? try output.read(into: buffer) : try errorOutput.read(into: buffer)
            if count > 0 { onOutput(stream, UnsafeRawBufferPointer(rebasing: buffer[..<count])) }
            return count
        } catch  where error.errno == .resourceTemporarilyUnavailable {
            return nil
        }
    }
}
