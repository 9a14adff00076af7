import ByteStrings
import ContentStorage
import FileModel
import LinuxSystem
import Synchronization

/// The folder that keeps what the commands of one build write, a file for each that writes anything.
final class BuildLog: Sendable {
    private let directory: StateDirectory
    private let folder: ByteString
    private let isMade = Mutex(false)

    /// The folders of so many builds are kept.
    static let mostBuilds = 40

    /// Names the folder after the session; nothing is made.
    init(_ directory: StateDirectory, _ session: Session) {
        self.directory = directory
        folder = session.id
    }

    /// Takes the output of the command that is this vertex of the build.
    func step(_ vertex: Int) -> StepLog {
        let name = ByteString("\(vertex).log")
        return StepLog(path: directory.logsPath.appendingPath(folder).appendingPath(name)) { [self] in
            try open().openChild(name, [.writeOnly, .create, .exclusive], permissions: 0o600)
        }
    }

    /// The folder; the first call makes it, and removes those of builds that are too long ago.
    private func open() throws -> OwnedDescriptor {
        try isMade.withLock { isMade in
            let logs = try OwnedDescriptor.openDirectory(directory.logsPath)
            if !isMade {
                prune(logs)
                try logs.makeDirectory(folder, permissions: 0o700)
                isMade = true
            }
            return try logs.openChild(folder, .directory)
        }
    }

    /// Removes the oldest folders, as many as there are too many; one of a build that still runs stays.
    private func prune(_ logs: borrowing OwnedDescriptor) {
        var builds: [(name: ByteString, modified: Timestamp)] = []
        // What cannot be read or removed now is in nobody's way.
        guard let entries = try? logs.entries(), entries.count >= Self.mostBuilds else { return }
        for entry in entries {
            guard let status = try? logs.status(of: entry.name) else { continue }
            let session = directory.temporaryPath.appendingPath(entry.name)
            if (try? FileStatus.at(hostPath: session, followingLinks: false)) ?? nil != nil { continue }
            builds.append((entry.name, status.modified))
        }
        builds.sort { $0.modified < $1.modified }
        for build in builds.prefix(entries.count - Self.mostBuilds + 1) { try? logs.removeTree(build.name) }
    }
}
