package import ByteStrings
import LinuxSystem
import Synchronization

extension ContainerRunner {
    /// A command that is nowhere, so that a container which comes to look for it has been set up.
    private static let absentCommand: ByteString = "/slipway-trial"

    /// Makes sure, before anything is done for a command, that containers can be set up here.
    ///
    /// Does nothing, and costs nothing, where no container around this process may forbid it; else one without a command
    /// is set up, once for each kind of network. `place` is a folder that is made for it and removed.
    /// `mayShareProcesses` lets containers see the `/proc` around them where they can have none of their own; `isAlways`
    /// sets one up whatever is around this process.
    /// - Throws: ``ExecutorError/refused(_:)``.
    package func prepare(
        in place: ByteString,
        withNetwork hasNetwork: Bool,
        mayShareProcesses: Bool,
        environment: [ByteString: ByteString],
        isAlways: Bool = false
    ) throws(ExecutorError) {
        let surroundings = Surroundings.current(environment: environment)
        if let refusal = UserNamespace.current.refusal { throw .refused(SandboxRefusal(refusal, in: surroundings)) }
        guard surroundings.mayForbid || isAlways else { return }
        let trial = Trial(hasNetwork: hasNetwork, mayShareProcesses: mayShareProcesses)
        if let known = trials.withLock({ $0[trial] }) {
            if let known { throw .refused(known) }
            return
        }
        var refusal = refusal(of: trial, in: place, surroundings)
        if refusal != nil, mayShareProcesses, !surroundings.hiddenPlaces.isEmpty, !sharesProcesses {
            shareProcesses()
            refusal = self.refusal(of: trial, in: place, surroundings)
        }
        trials.withLock { $0[trial] = .some(refusal) }
        if let refusal { throw .refused(refusal) }
    }

    private func refusal(of trial: Trial, in place: ByteString, _ surroundings: Surroundings) -> SandboxRefusal? {
        do throws(ExecutorError) {
            try run(trial, in: place)
            return nil
        } catch {
            return SandboxRefusal(error, in: surroundings) ?? SandboxRefusal("\(error)")
        }
    }

    private func run(_ trial: Trial, in place: ByteString) throws(ExecutorError) {
        let (root, work) = (place.appendingPath("root"), place.appendingPath("work"))
        let assembly = place.appendingPath("assembly")
        do throws(SystemError) {
            for folder in [root, work, assembly] { _ = try OwnedDescriptor.makeDirectories(folder, permissions: 0o700) }
        } catch {
            throw .system(error)
        }
        defer {
            let above = ("/" as ByteString).appendingPath(place.pathComponents.dropLast().joinedAsPath)
            if let parent = try? OwnedDescriptor.openDirectory(above) {
                try? parent.removeTree(place.lastPathComponent)
            }
        }
        var request = ContainerRequest(
            shape: ContainerShape(
                network: trial.hasNetwork ? .none : .host,
                hostName: "localhost",
                assembly: assembly
            ),
            lowerTrees: [root],
            upper: root,
            work: work,
            arguments: [Self.absentCommand]
        )
        request.isWhole = true
        do throws(ExecutorError) {
            _ = try run(request, onOutput: { _, _ in })
        } catch {
            if error != .commandNotFound(Self.absentCommand) { throw error }
        }
    }
}

/// What is asked of a container that is set up to see whether it can be.
struct Trial: Hashable, Sendable {
    /// Whether it has a network of its own.
    let hasNetwork: Bool
    let mayShareProcesses: Bool
}
