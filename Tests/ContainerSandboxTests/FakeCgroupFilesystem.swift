import ByteStrings
import LinuxSystem
import Synchronization
import SystemPackage

@testable import ContainerSandbox

/// A tree of groups in memory that follows the rules of the unified hierarchy.
final class FakeCgroupFilesystem: CgroupFilesystem {
    private struct State {
        var files: [ByteString: ByteString] = [:]
        var folders: Set<ByteString> = []

        /// Groups that have processes, and so may give controllers to none below.
        var populated: Set<ByteString> = []
        var unwritable: Set<ByteString> = []
        var busyRemovals: [ByteString: Int] = [:]
        var log: [String] = []
    }

    private let state = Mutex(State())
    private let root: ByteString

    /// A hierarchy mounted at `root`, which offers these controllers.
    init(root: ByteString, controllers: String) {
        self.root = root
        state.withLock {
            $0.folders.insert(root)
            $0.files[root.appendingPath("cgroup.controllers")] = ByteString(controllers + "\n")
            $0.files[root.appendingPath("cgroup.subtree_control")] = "\n"
        }
    }

    /// Everything that was changed, in order.
    var log: [String] { state.withLock { $0.log } }
    var folders: Set<ByteString> { state.withLock { $0.folders } }

    func clearLog() { state.withLock { $0.log = [] } }
    func populate(_ path: ByteString) { state.withLock { _ = $0.populated.insert(path) } }
    func forbidWriting(_ path: ByteString) { state.withLock { _ = $0.unwritable.insert(path) } }
    func keepBusy(_ path: ByteString, times: Int) { state.withLock { $0.busyRemovals[path] = times } }
    func set(_ path: ByteString, _ text: ByteString) { state.withLock { $0.files[path] = text } }

    func read(_ path: ByteString) throws(SystemError) -> ByteString {
        guard let text = state.withLock({ $0.files[path] }) else { throw error("open", .noSuchFileOrDirectory, path) }
        return text
    }

    func write(_ text: ByteString, to path: ByteString) throws(SystemError) {
        let folder = parent(path)
        let failure: Errno? = state.withLock { state in
            if state.unwritable.contains(folder) { return .permissionDenied }
            guard let old = state.files[path] else { return .noSuchFileOrDirectory }
            if path.lastPathComponent == "cgroup.subtree_control" {
                if state.populated.contains(folder), folder != root { return .resourceBusy }
                let offered = state.files[folder.appendingPath("cgroup.controllers")]?.description ?? ""
                let words = text.description.split(separator: " ").map { String($0.dropFirst()) }
                guard Set(words).isSubset(of: offered.split { $0 == " " || $0 == "\n" }.map(String.init)) else {
                    return .noSuchFileOrDirectory
                }
                let enabled = ByteString(old.description + words.joined(separator: " ") + "\n")
                state.files[path] = enabled
                for child in state.folders where parent(child) == folder && child != folder {
                    state.files[child.appendingPath("cgroup.controllers")] = enabled
                }
            } else {
                state.files[path] = text
            }
            state.log.append("\(path.description) = \(text.description)")
            return nil
        }
        if let failure { throw error("write", failure, path) }
    }

    func exists(_ path: ByteString) throws(SystemError) -> Bool {
        state.withLock { $0.folders.contains(path) || $0.files[path] != nil }
    }

    func makeDirectory(_ path: ByteString) throws(SystemError) {
        let above = parent(path)
        let failure: Errno? = state.withLock { state in
            guard state.folders.contains(above) else { return .noSuchFileOrDirectory }
            if state.unwritable.contains(above) { return .permissionDenied }
            guard state.folders.insert(path).inserted else { return .fileExists }
            let enabled = state.files[above.appendingPath("cgroup.subtree_control")]?.description ?? ""
            let controllers = Set(enabled.split { $0 == " " || $0 == "\n" }.map(String.init))
            state.files[path.appendingPath("cgroup.controllers")] = ByteString(enabled)
            for file in ["cgroup.subtree_control", "cgroup.procs", "cgroup.kill"] as [ByteString] {
                state.files[path.appendingPath(file)] = ""
            }
            for (controller, files) in Self.files where controllers.contains(controller) {
                for file in files { state.files[path.appendingPath(file)] = "max\n" }
            }
            state.log.append("mkdir \(path.description)")
            return nil
        }
        if let failure { throw error("make the directory", failure, path) }
    }

    func removeDirectory(_ path: ByteString) throws(SystemError) {
        let failure: Errno? = state.withLock { state in
            if let times = state.busyRemovals[path], times > 0 {
                state.busyRemovals[path] = times - 1
                return .resourceBusy
            }
            if state.folders.contains(where: { parent($0) == path }) { return .resourceBusy }
            guard state.folders.remove(path) != nil else { return .noSuchFileOrDirectory }
            state.files = state.files.filter { parent($0.key) != path }
            state.log.append("rmdir \(path.description)")
            return nil
        }
        if let failure { throw error("remove the directory", failure, path) }
    }

    func groups(in path: ByteString) throws(SystemError) -> [ByteString] {
        state.withLock { $0.folders.filter { parent($0) == path && $0 != path }.map(\.lastPathComponent).sorted() }
    }

    func openFolder(_ path: ByteString) throws(SystemError) -> OwnedDescriptor {
        try OwnedDescriptor.openDirectory("/")
    }

    func pause(_ duration: Duration) {}

    private static let files: [String: [ByteString]] = [
        "memory": ["memory.max", "memory.swap.max", "memory.events"], "cpu": ["cpu.max", "cpu.weight"],
        "cpuset": ["cpuset.cpus", "cpuset.mems"], "pids": ["pids.max"],
    ]

    private func parent(_ path: ByteString) -> ByteString {
        "/" + path.pathComponents.dropLast().joinedAsPath
    }

    private func error(_ operation: String, _ errno: Errno, _ path: ByteString) -> SystemError {
        SystemError(operation: operation, errno: errno, path: path)
    }
}
