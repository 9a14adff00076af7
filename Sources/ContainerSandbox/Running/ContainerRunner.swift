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

    /// Starts a container that does all that can be done before its command is known, and waits for that.
    ///
    /// Does not wait for it. Must be called on the thread of ``BlockingThread`` or ``ReservedThread`` that then calls
    /// ``run(_:in:onStart:onOutput:cancellation:)``: with that thread the container ends.
    /// - Throws: ``ExecutorError`` when the kernel refuses it, or a limit.
    package func start(_ shape: ContainerShape) throws(ExecutorError) -> WaitingContainer {
        let preparation = try preparation(of: shape)
        let group = OwnedCgroup(try group(for: shape))
        do throws(SystemError) {
            return try WaitingContainer(program: program, shape: shape, preparation: preparation, group: group)
        } catch {
            throw .system(error)
        }
    }

    /// Runs a command until its first process ends, which ends every other one in the container.
    ///
    /// Blocks the calling thread, and must be called where that is no harm: on a thread of ``BlockingThread`` or
    /// ``ReservedThread``. `waiting` is a container of the request's shape that was started by this thread; another is
    /// started where there is none, where its shape differs, and where it has died meanwhile. `onStart` is called once the
    /// command runs. `onOutput` gets what the command writes, in chunks as they come; the buffer is valid during
    /// the call. What other processes keep open is not waited for.
    /// - Throws: ``ExecutorError`` when the command could not be started, and ``ExecutorError/cancelled``.
    package func run(
        _ request: ContainerRequest,
        in waiting: consuming WaitingContainer? = nil,
        onStart: () -> Void = {},
        onOutput: (OutputStream, UnsafeRawBufferPointer) -> Void,
        cancellation: ContainerCancellation? = nil
    ) throws(ExecutorError) -> ExitStatus {
        if cancellation?.isCancelled == true { throw .cancelled }
        let namespace = UserNamespace.current
        let request = try request.adapted(to: namespace)
        let filter = try filter(for: request, in: namespace)
        let operations = try ContainerSetup.operations(for: request, filter: filter, namespace: namespace)
        let container = try start(request, operations, in: waiting)
        let outcome: RunningContainer.Outcome
        do throws(SystemError) {
            outcome = try container.follow(onStart: onStart, onOutput: onOutput, cancellation: cancellation)
        } catch {
            throw .system(error)
        }
        if cancellation?.isCancelled == true { throw .cancelled }
        if !outcome.report.isEmpty {
            let all = try preparation(of: request.shape) + operations
            throw SetupReport(outcome.report)?.error(in: all) ?? .malformedPolicy(.protocolError)
        }
        if outcome.memoryKills > 0 { throw .outOfMemory(outcome.status, limit: request.shape.groupLimits.memory) }
        return outcome.status
    }

    /// Starts the command in the container that waits, and else in one that is started for it.
    private func start(
        _ request: ContainerRequest,
        _ operations: [SetupOperation],
        in waiting: consuming WaitingContainer?
    ) throws(ExecutorError) -> RunningContainer {
        if let waiting, waiting.shape == request.shape {
            let container = try start(request, operations, in: waiting)
            if container.wasReached { return container }
        }
        return try start(request, operations, in: start(request.shape))
    }

    private func start(
        _ request: ContainerRequest,
        _ operations: [SetupOperation],
        in waiting: consuming WaitingContainer
    ) throws(ExecutorError) -> RunningContainer {
        do throws(SystemError) {
            return try waiting.start(operations, trees: request.trees, as: request.user)
        } catch {
            throw .system(error)
        }
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

    private func preparation(of shape: ContainerShape) throws(ExecutorError) -> [SetupOperation] {
        try ContainerPreparation.operations(
            for: shape,
            processorCount: processorCount,
            showsKernelMemory: showsKernelMemory,
            sharesProcesses: sharesProcesses,
            namespace: .current
        )
    }

    private func group(for shape: ContainerShape) throws(ExecutorError) -> Cgroup? {
        guard !shape.groupLimits.isEmpty else { return nil }
        do throws(CgroupError) {
            let name = groups.nextName(session: shape.session)
            return try groups.factory().make(shape.groupLimits, named: name)
        } catch {
            throw .limit(error)
        }
    }

    private func filter(
        for request: ContainerRequest,
        in namespace: UserNamespace
    ) throws(ExecutorError) -> [UInt8] {
        if request.shape.isInsecure { return [] }
        guard let architecture = SeccompArchitecture.current else {
            throw .invalidRequest("there is no system call filter for this processor")
        }
        return SeccompFilter.bytes(for: architecture, keepingOwners: namespace.hasSingleID)
    }
}
