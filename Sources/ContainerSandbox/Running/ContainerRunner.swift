package import LinuxSystem
import ByteStrings
import SystemPackage

/// Runs commands in containers, each over the layers of an image.
///
/// One runner serves any number of containers at once.
package final class ContainerRunner: Sendable {
    /// One of the two streams that a command writes.
    package enum OutputStream: Hashable, Sendable {
        case standardOutput, standardError
    }

    private let program: OwnedDescriptor
    private let processorCount: Int

    /// Finds `slipway-init`: in this program, beside it, or one folder above.
    package init() throws(ExecutorError) {
        program = try InitProgram.load()
        processorCount = Host.processorCount
    }

    /// Runs a command until its first process ends, which ends every other one in the container.
    ///
    /// Blocks the calling thread, and must be called where that is no harm: on a thread of ``BlockingThread``.
    /// `onOutput` gets what the command writes, in chunks as they come; the buffer is valid during the call. What
    /// other processes keep open is not waited for.
    /// - Throws: ``ExecutorError`` when the command could not be started, and ``ExecutorError/cancelled``.
    package func run(
        _ request: ContainerRequest,
        onOutput: (OutputStream, UnsafeRawBufferPointer) -> Void,
        cancellation: ContainerCancellation? = nil
    ) throws(ExecutorError) -> ExitStatus {
        if cancellation?.isCancelled == true { throw .cancelled }
        let filter = try filter(for: request)
        let operations = try ContainerSetup.operations(
            for: request,
            filter: filter,
            processorCount: processorCount
        )
        let outcome: (status: ExitStatus, report: [UInt8])
        do throws(SystemError) {
            let container = try RunningContainer(
                program: program,
                policy: PolicyEncoder.encode(operations),
                request: request
            )
            outcome = try container.follow(onOutput: onOutput, cancellation: cancellation)
        } catch {
            throw .system(error)
        }
        if cancellation?.isCancelled == true { throw .cancelled }
        if !outcome.report.isEmpty {
            throw SetupReport(outcome.report)?.error(in: operations) ?? .malformedPolicy(.protocolError)
        }
        return outcome.status
    }

    private func filter(for request: ContainerRequest) throws(ExecutorError) -> [UInt8] {
        if request.isInsecure { return [] }
        guard let architecture = SeccompArchitecture.current else {
            throw .invalidRequest("there is no system call filter for this processor")
        }
        return SeccompFilter.bytes(for: architecture)
    }
}
