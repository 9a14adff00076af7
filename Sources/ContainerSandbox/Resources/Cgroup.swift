import ByteStrings
import LinuxSystem
import SystemPackage

/// The group of one container: a folder in each hierarchy that limits it.
struct Cgroup: Sendable {
    /// A folder of the group.
    struct Folder: Hashable, Sendable {
        var path: ByteString
        var isUnified: Bool

        /// Whether memory is counted here.
        var countsMemory: Bool
    }

    private let filesystem: any CgroupFilesystem
    private(set) var folders: [Folder] = []

    /// Parents that did not exist before, outermost first.
    private(set) var madeParents: [ByteString] = []

    init(filesystem: any CgroupFilesystem) {
        self.filesystem = filesystem
    }

    mutating func add(_ folder: Folder) {
        folders.append(folder)
    }

    mutating func addParent(_ path: ByteString) {
        madeParents.append(path)
    }

    /// How many processes of the group the kernel has killed because there was no memory left for them.
    var memoryKills: UInt64 {
        guard let folder = folders.first(where: \.countsMemory) else { return 0 }
        let file: ByteString = folder.isUnified ? "memory.events" : "memory.oom_control"
        return filesystem.counter("oom_kill", in: folder.path.appendingPath(file)) ?? 0
    }

    /// Opens a folder of the group.
    func open(_ folder: Folder) throws(SystemError) -> OwnedDescriptor {
        try filesystem.openFolder(folder.path)
    }

    /// Removes the group once nobody is in it, and parents that were made for it.
    ///
    /// What still runs in it is killed. A folder that stays busy for two seconds is left for ``CgroupFactory/sweep``.
    func remove() {
        for folder in folders.reversed() { Self.remove(folder.path, in: filesystem) }
        // Other containers may be below them.
        for parent in madeParents.reversed() { try? filesystem.removeDirectory(parent) }
    }

    /// Removes a folder and those below it.
    static func remove(_ path: ByteString, in filesystem: any CgroupFilesystem) {
        for name in (try? filesystem.groups(in: path)) ?? [] { remove(path.appendingPath(name), in: filesystem) }
        var delay = Duration.milliseconds(1)
        for attempt in 0..<11 {
            do {
                return try filesystem.removeDirectory(path)
            } catch {
                guard error.errno == .resourceBusy else { return }
            }
            // The end of a process is told before the kernel has taken it out of its group.
            if attempt == 2 { kill(path, in: filesystem) }
            filesystem.pause(delay)
            delay = min(delay * 2, .milliseconds(500))
        }
    }

    private static func kill(_ path: ByteString, in filesystem: any CgroupFilesystem) {
        do {
            try filesystem.write("1", to: path.appendingPath("cgroup.kill"))
        } catch {
            // Before Linux 5.14, and in version 1: one by one.
            let members = (try? filesystem.read(path.appendingPath("cgroup.procs"))) ?? ""
            for line in members.bytes.split(separator: UInt8(ascii: "\n")) {
                guard let process = Int32(String(decoding: line, as: UTF8.self)), process > 1 else { continue }
                ProcessHandle.kill(process: process)
            }
        }
    }
}
