package import ByteStrings
package import LinuxSystem
import SystemPackage

/// Why no command can run where this process is, whatever the command.
package struct SandboxRefusal: Error, Hashable, Sendable {
    /// What is refused, and by whom as far as that is known.
    package var reason: String

    /// The line that mends it; nil when none is known.
    package var remedy: String?

    package init(_ reason: String, remedy: String? = nil) {
        self.reason = reason
        self.remedy = remedy
    }
}

extension SandboxRefusal: CustomStringConvertible {
    package var description: String { "no command can run here: \(reason)" }
}

extension SandboxRefusal {
    /// Sets up a container without a command, in a temporary folder that is gone afterwards, and tells what keeps one
    /// from it; nil when nothing does.
    package static func tried(environment: [ByteString: ByteString]) -> SandboxRefusal? {
        do throws(ExecutorError) {
            let folders = [environment["TMPDIR"], "/tmp", "/var/tmp", "/dev/shm"].compactMap(\.self)
            guard let folder = folders.first(where: { $0.isAbsolutePath && Host.mayWrite($0) }) else {
                return SandboxRefusal("there is no folder for temporary files", remedy: "mkdir -m 1777 /tmp")
            }
            try ContainerRunner().prepare(
                in: folder.appendingPath(ByteString(".slipway-trial-\(Host.processID)")),
                withNetwork: false,
                mayShareProcesses: false,
                environment: environment,
                isAlways: true
            )
            return nil
        } catch {
            if case .refused(let refusal) = error { return refusal }
            return SandboxRefusal("\(error)")
        }
    }

    /// What follows from not having got a user namespace.
    package init(_ refusal: UserNamespaceError, in surroundings: Surroundings) {
        let culprit = surroundings.culprit
        switch refusal {
        case .refused(_, let line?), .powerless(_, let line?):
            self.init("\(refusal)", remedy: "run `\(line)` on the host")
        case .incapable:
            let needed: [(UInt32, String)] = [(7, "SETUID"), (6, "SETGID"), (31, "SETFCAP")]
            let missing = needed.filter { !Host.hasCapability($0.0) }.map(\.1)
            self.init(
                "\(refusal)",
                remedy: surroundings.remedy(for: surroundings.obstacles, capabilities: missing)
            )
        case .refused, .powerless, .unmapped:
            let remedy = surroundings.remedy(for: surroundings.obstacles)
            self.init(culprit.map { "\(refusal), by \($0)" } ?? "\(refusal)", remedy: remedy)
        }
    }

    /// What follows from the failure of a container that is like every other; nil when it says all there is to say.
    init?(_ failure: ExecutorError, in surroundings: Surroundings) {
        switch failure {
        case .setup(let operation, .notPermitted)
        where operation.hasPrefix("mount proc ") && !surroundings.hiddenPlaces.isEmpty:
            let names = surroundings.hiddenPlaces.prefix(3).map { "`\($0)`" }.joined(separator: ", ")
            let mending = surroundings.remedy(for: .hiddenProcesses) ?? ""
            self.init(
                "the kernel mounts no `/proc` for a step while parts of the one around it are hidden (\(names), …)",
                remedy: mending + ", or build with --no-process-sandbox, so that steps see the `/proc` around them"
            )
        case .setup(let operation, let errno) where Self.isForbidden(errno):
            self.init("cannot \(operation)", errno, surroundings)
        case .system(let error) where Self.isForbidden(error.errno):
            self.init("cannot make the namespaces of a container", error.errno, surroundings)
        default: return nil
        }
    }

    private init?(_ operation: String, _ errno: Errno, _ surroundings: Surroundings) {
        guard let culprit = surroundings.culprit else { return nil }
        let reason = SystemError(operation: "", errno: errno).reason
        var obstacles = surroundings.obstacles
        // Root of the machine itself may mount another `/proc` whatever is hidden in this one.
        if UserNamespace.current.isInitial { obstacles.remove(.hiddenProcesses) }
        self.init("\(operation): \(reason), by \(culprit)", remedy: surroundings.remedy(for: obstacles))
    }

    private static func isForbidden(_ errno: Errno) -> Bool {
        [.notPermitted, .permissionDenied, .noFunction].contains(errno)
    }
}

extension Surroundings {
    /// Who refuses what the kernel alone would not; nil when nobody is known.
    fileprivate var culprit: String? {
        let filter = hasFilter ? "a filter of system calls (seccomp)" : nil
        let who = [filter, confinement].compactMap(\.self)
        return who.isEmpty ? nil : who.joined(separator: " or ") + " around this process"
    }
}
