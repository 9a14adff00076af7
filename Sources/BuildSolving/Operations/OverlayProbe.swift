import BuildInterface
import ByteStrings
import ContentStorage
import LinuxSystem
import SourceDiagnostics
import Synchronization
import SystemPackage

/// Whether the kernel mounts overlays for this process where the store is.
///
/// Some kernels do that for root alone, and none takes a folder of another overlay, as containers have, for changes.
enum OverlayProbe {
    private static let known = Mutex<[ByteString: Bool]>([:])

    /// Tries once for each store, with a mount that nobody sees.
    static func isUsable(_ environment: SolverEnvironment) throws -> Bool {
        let store = environment.directory.root
        if let answer = known.withLock({ $0[store] }) { return answer }
        let answer = try isUsable(in: environment.session)
        known.withLock { $0[store] = answer }
        return answer
    }

    /// Says where commands work on copies, the first time that it is asked of a store where they do.
    static func warn(of environment: SolverEnvironment, _ reporter: EventReporter) {
        guard warned.withLock({ $0.insert(environment.directory.root).inserted }) else { return }
        let message = """
            the kernel mounts no overlay in `\(environment.directory.root)`, so that each RUN works on a copy of its \
            root: a state directory on a local disk or a volume (`--root`) is faster
            """
        let diagnostic = Diagnostic(severity: .warning, id: "copied-root", message: message)
        reporter.send(.warning(diagnostic, nil))
    }

    private static let warned = Mutex<Set<ByteString>>([])

    private static func isUsable(in session: Session) throws -> Bool {
        let name = session.makeName("probe")
        let place = session.path.appendingPath(name)
        let folders = ["lower", "second", "upper", "work"].map { place.appendingPath($0) }
        for folder in folders { _ = try OwnedDescriptor.makeDirectories(folder, permissions: 0o700) }
        let parent = try OwnedDescriptor.openDirectory(session.path)
        defer { try? parent.removeTree(name) }
        do throws(SystemError) {
            _ = try DetachedOverlay.mount(lower: [folders[0], folders[1]], upper: folders[2], work: folders[3])
            return true
        } catch {
            // Without the calls that mount nothing anywhere, containers take the old one.
            guard error.errno == .noFunction || error.errno == .notPermitted else { return false }
            return AttachedOverlay.isPossible(in: place)
        }
    }
}
