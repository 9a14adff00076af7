package import ByteStrings
package import LinuxSystem
import Synchronization
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
    private let showsKernelMemory: Bool
    private let groups = CgroupSource()

    /// What came of the containers that were set up without a command; nil stands for one that could be.
    let trials = Mutex<[Trial: SandboxRefusal?]>([:])

    /// Whether containers see the processes around them, since they cannot have a `/proc` of their own.
    private let sharing = Atomic<Bool>(false)

    /// Finds `slipway-init`: in this program, beside it, or one folder above.
    package init() throws(ExecutorError) {
        program = try InitProgram.load()
        processorCount = Host.processorCount
        showsKernelMemory = (try? FileStatus.at(hostPath: "/proc/kcore", followingLinks: false)) != nil
    }

    var sharesProcesses: Bool { sharing.load(ordering: .relaxed) }

    /// Lets all containers from now on see the `/proc` around them.
    func shareProcesses() {
        sharing.store(true, ordering: .relaxed)
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
        let namespace = UserNamespace.current
        let request = try request.adapted(to: namespace)
        let filter = try filter(for: request, in: namespace)
        let operations = try ContainerSetup.operations(
            for: request,
            filter: filter,
            processorCount: processorCount,
            showsKernelMemory: showsKernelMemory,
            sharesProcesses: sharesProcesses,
            namespace: namespace
        )
        let outcome: (status: ExitStatus, report: [UInt8])
        let group = try group(for: request)
        defer { group?.remove() }
        do throws(SystemError) {
            let container = try RunningContainer(
                program: program,
                policy: PolicyEncoder.encode(operations),
                request: request,
                group: group
            )
            outcome = try container.follow(onOutput: onOutput, cancellation: cancellation)
        } catch {
            throw .system(error)
        }
        if cancellation?.isCancelled == true { throw .cancelled }
        if !outcome.report.isEmpty {
            throw SetupReport(outcome.report)?.error(in: operations) ?? .malformedPolicy(.protocolError)
        }
        if !outcome.status.isSuccess, let group, group.memoryKills > 0 {
            throw .outOfMemory(outcome.status, limit: request.groupLimits.memory)
        }
        return outcome.status
    }

    /// Makes sure that every limit can be applied, before any command runs, and removes what dead sessions have left.
    ///
    /// Does nothing and costs nothing when nothing is limited. `isAlive` says whether a session still runs.
    /// - Throws: ``ExecutorError/limit(_:)``, naming the limit.
    package func checkLimits(
        _ groupLimits: CgroupLimits,
        _ limits: [ResourceLimit],
        session: ByteString,
        isAlive: (ByteString) -> Bool
    ) throws(ExecutorError) {
        do throws(CgroupError) {
            if !limits.isEmpty { try ProcessLimitCheck.host().check(limits) }
            guard !groupLimits.isEmpty else { return }
            let factory = try groups.factory()
            factory.sweep(parent: groupLimits.parent, isAlive: isAlive)
            try factory.make(groupLimits, named: groups.nextName(session: session)).remove()
        } catch {
            throw .limit(error)
        }
    }

    private func group(for request: ContainerRequest) throws(ExecutorError) -> Cgroup? {
        guard !request.groupLimits.isEmpty else { return nil }
        do throws(CgroupError) {
            let name = groups.nextName(session: request.session)
            return try groups.factory().make(request.groupLimits, named: name)
        } catch {
            throw .limit(error)
        }
    }

    private func filter(
        for request: ContainerRequest,
        in namespace: UserNamespace
    ) throws(ExecutorError) -> [UInt8] {
        if request.isInsecure { return [] }
        guard let architecture = SeccompArchitecture.current else {
            throw .invalidRequest("there is no system call filter for this processor")
        }
        return SeccompFilter.bytes(for: architecture, keepingOwners: namespace.hasSingleID)
    }
}
