import LinuxSystem
import SystemPackage

/// A container from when its command is told to the end of that.
struct RunningContainer: ~Copyable {
    private let process: ProcessHandle
    private let output: OwnedDescriptor
    private let errorOutput: OwnedDescriptor
    private let report: OwnedDescriptor

    /// Behind the process, which must be gone before it.
    private let group: OwnedCgroup

    /// Whether the first process was there to be told of the command.
    let wasReached: Bool

    init(
        process: consuming ProcessHandle,
        output: consuming OwnedDescriptor,
        errorOutput: consuming OwnedDescriptor,
        report: consuming OwnedDescriptor,
        group: consuming OwnedCgroup,
        wasReached: Bool
    ) {
        self.process = process
        self.output = output
        self.errorOutput = errorOutput
        self.report = report
        self.group = group
        self.wasReached = wasReached
    }

    /// How a container ended.
    struct Outcome {
        var status: ExitStatus

        /// What the first process told; empty when the command was executed.
        var report: [UInt8]

        /// How many processes were killed because there was no memory left for them.
        var memoryKills: UInt64
    }

    // MARK: - Until the end

    /// The most that is read after the end: more than a pipe ever holds.
    private static let remainderLimit = 4 << 20

    /// Tells when the command runs, hands out what is written until the first process has ended, and tells how it did.
    consuming func follow(
        onStart: () -> Void,
        onOutput: (ContainerRunner.OutputStream, UnsafeRawBufferPointer) -> Void,
        cancellation: ContainerCancellation?
    ) throws(SystemError) -> Outcome {
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
                    // The kernel closes it when the command is executed.
                    if count == 0, written.isEmpty { onStart() }
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
        let status = try process.wait()
        let kills = status.isSuccess ? 0 : group.group?.memoryKills ?? 0
        return Outcome(status: status, report: written, memoryKills: kills)
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
