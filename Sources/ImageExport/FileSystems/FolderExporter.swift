package import BuildContexts
package import ByteStrings
package import FileModel
import LinuxSystem
import SystemPackage

/// Writes the file system of an image into a folder of the host: `type=local`.
///
/// What is in the folder stays where the image has nothing of that name. No link is followed, neither one that was
/// there nor one that the image brings, so nothing is written outside of the folder.
package struct FolderExporter {
    /// What an export left out or changed because the process may not do it.
    package struct Report: Hashable, Sendable {
        /// Devices that only root can make.
        package var devices: [ByteString] = []
        package var files = 0
    }

    private let tree: any FileTree
    private let latest: Timestamp?
    private let keepsOwners: Bool
    private let reader = TreeFileReader()
    private var folders: OpenFolders
    private var pending: [WalkedEntry] = []
    private var firstNames: [FileID: ByteString] = [:]
    private var report = Report()
    private let root: OpenFolders.Folder

    /// Writes everything below the root of `tree` into the folder at a path of the host, which is made when missing.
    ///
    /// With `latest`, no file is given a newer time. Files keep the image's owners with `keepsOwners`, which only root
    /// can do, and belong to the caller without.
    ///
    /// - Throws: What `tree` throws; `SystemError`; ``ExportError/changedMeanwhile(_:)``.
    package static func write(
        _ tree: any FileTree,
        to hostPath: ByteString,
        latest: Timestamp? = nil,
        keepsOwners: Bool = Host.effectiveUserID == 0 && UserNamespace.current.keepsIDs
    ) throws -> Report {
        let folder = try OwnedDescriptor.makeDirectories(hostPath, permissions: 0o755)
        var exporter = FolderExporter(
            tree: tree,
            latest: latest,
            keepsOwners: keepsOwners,
            folders: OpenFolders(root: try folder.reopenDirectory()),
            root: OpenFolders.Folder(folder)
        )
        try exporter.run()
        return exporter.report
    }

    private init(
        tree: any FileTree,
        latest: Timestamp?,
        keepsOwners: Bool,
        folders: OpenFolders,
        root: OpenFolders.Folder
    ) {
        self.tree = tree
        self.latest = latest
        self.keepsOwners = keepsOwners
        self.folders = folders
        self.root = root
    }

    private mutating func run() throws {
        try tree.walk("") { found in
            let parent = found.path.pathComponents.dropLast().joinedAsPath
            while let last = pending.last, last.path != parent { try leaveFolder() }
            try write(found)
            return .descend
        }
        while !pending.isEmpty { try leaveFolder() }
    }

    /// A folder's attributes come last: without write permission nothing could be put in, and its time would change.
    private mutating func leaveFolder() throws {
        let folder = pending.removeLast()
        try setAttributes(of: folder, on: folders.current().descriptor)
        folders.leave()
    }

    private mutating func write(_ found: WalkedEntry) throws {
        let parent = try folders.current()
        let name = found.path.lastPathComponent
        report.files += 1
        if found.entry.kind == .directory {
            try makeFolder(name, in: parent.descriptor)
            try folders.enter(name)
            pending.append(found)
            return
        }
        if let present = try parent.descriptor.statusIfPresent(of: name), present.kind == .directory {
            try parent.descriptor.removeTree(name)
        }
        let temporary = ByteString(".\(try RandomBytes.hex(count: 8)).partial")
        guard try make(found, as: temporary, in: parent.descriptor) else { return }
        do {
            try parent.descriptor.rename(temporary, to: name, in: parent.descriptor)
            // Renaming one name of a file onto another one does nothing and leaves both.
            if found.entry.linkCount > 1 { try? parent.descriptor.removeFile(temporary) }
        } catch {
            try? parent.descriptor.removeFile(temporary)
            throw error
        }
    }

    private func makeFolder(_ name: ByteString, in parent: borrowing OwnedDescriptor) throws {
        if let present = try parent.statusIfPresent(of: name) {
            if present.kind == .directory {
                // Whoever may not write into it may still be its owner.
                if present.permissions & 0o700 != 0o700 { try parent.setPermissions(0o700, of: name) }
                return
            }
            try parent.removeFile(name)
        }
        try parent.makeDirectory(name, permissions: 0o700)
    }

    /// Makes a file under a temporary name; false when it is one that cannot be made here.
    private mutating func make(
        _ found: WalkedEntry,
        as temporary: ByteString,
        in parent: borrowing OwnedDescriptor
    ) throws -> Bool {
        if found.entry.linkCount > 1, let first = firstNames[found.entry.fileID] {
            try link(temporary, to: first, in: parent)
            return true
        }
        switch found.entry.kind {
        case .regular:
            let file = try parent.openChild(temporary, [.writeOnly, .create, .exclusive], permissions: 0o600)
            do {
                try reader.read(found.path, of: tree, size: found.entry.size) { try file.write(all: $0) }
                try setAttributes(of: found, on: file)
            } catch {
                try? parent.removeFile(temporary)
                throw error
            }
        case .symbolicLink:
            try parent.makeSymbolicLink(temporary, to: try tree.readLink(found.path))
            if keepsOwners { try parent.setOwner(found.entry.owner, found.entry.group, of: temporary) }
            try parent.setModified(time(of: found.entry), of: temporary)
        case .fifo, .characterDevice, .blockDevice:
            do {
                try parent.makeNode(
                    temporary,
                    kind: found.entry.kind,
                    permissions: 0o600,
                    device: found.entry.deviceNumber
                )
            } catch {
                guard error.errno == .notPermitted, found.entry.kind != .fifo else { throw error }
                report.devices.append(found.path)
                return false
            }
            let node = try parent.openChild(temporary, .pathOnly)
            try setAttributes(of: found, on: node)
        case .socket, .directory:
            return false
        }
        if found.entry.linkCount > 1 { firstNames[found.entry.fileID] = found.path }
        return true
    }

    private func link(_ name: ByteString, to first: ByteString, in parent: borrowing OwnedDescriptor) throws {
        let components = first.pathComponents
        var folder = root
        for component in components.dropLast() {
            folder = OpenFolders.Folder(try folder.descriptor.openChild(component, .directory))
        }
        try parent.makeHardLink(name, to: components.last ?? "", in: folder.descriptor)
    }

    /// The owner comes first, for changing it clears set-id bits and capabilities.
    private func setAttributes(of found: WalkedEntry, on file: borrowing OwnedDescriptor) throws {
        let entry = found.entry
        if keepsOwners { try file.setOwner(entry.owner, entry.group) }
        if entry.kind == .regular || entry.kind == .directory {
            for (name, value) in try tree.extendedAttributes(found.path) {
                do {
                    try file.setExtendedAttribute(name, value)
                } catch {
                    // Not every file system has them, and some are for root alone.
                    let isKnown = error.errno == .notPermitted || error.errno == .permissionDenied
                    guard isKnown || error.errno == .notSupported else { throw error }
                }
            }
        }
        try file.setPermissions(entry.permissions)
        try file.setModified(time(of: entry))
    }

    private func time(of entry: TreeEntry) -> Timestamp {
        latest.map { min(entry.modified, $0) } ?? entry.modified
    }
}
