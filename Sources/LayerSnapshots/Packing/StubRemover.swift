package import ByteStrings
import FileModel
import LinuxSystem
import SystemPackage

/// Takes what was made for mounts to be mounted on out of an overlay's upper directory.
package enum StubRemover {
    /// So many names of the upper directory are looked at before the targets are.
    private static let mostNames = 64

    /// Removes the empty file or directory at each mount target, and the empty directories above that nobody else has.
    ///
    /// `targets` are clean paths relative to the root, as they were resolved when the mounts were made; what is not there
    /// is passed over. A target with content is the command's own and stays. `lowerHas` says whether a path exists in the
    /// layers below: what does was not made for a mount.
    ///
    /// - Throws: `SystemError`, or what `lowerHas` throws.
    package static func removeStubs(
        _ targets: [ByteString],
        upper: ByteString,
        lowerHas: (ByteString) throws -> Bool
    ) throws {
        let root = try OwnedDescriptor.openDirectory(upper)
        // Most commands leave a handful of names, and nothing where something was mounted.
        let names = try root.names(atMost: mostNames)
        let targets = targets.map(\.pathComponents).filter { target in
            guard let names, let first = target.first else { return true }
            return names.contains(first)
        }
        // Longer paths first, so that a target inside another target's directory does not keep that one.
        for target in targets.sorted(by: { $0.count > $1.count }) {
            var components = target
            while let name = components.popLast() {
                if try lowerHas((components + [name]).joinedAsPath) { break }
                let isTarget = components.count + 1 == target.count
                guard try remove(name, in: components.joinedAsPath, below: root, ifFile: isTarget) else { break }
            }
        }
    }

    /// Removes an empty directory, or an empty file if `ifFile`; false when something is there that must stay.
    private static func remove(
        _ name: ByteString,
        in parent: ByteString,
        below root: borrowing OwnedDescriptor,
        ifFile: Bool
    ) throws(SystemError) -> Bool {
        do {
            let directory = try root.open(parent, [.pathOnly, .directory], resolving: .beneathWithoutLinks)
            guard let status = try directory.statusIfPresent(of: name) else { return true }
            let before = try directory.status().modified
            if status.kind == .directory {
                try directory.removeDirectory(name)
            } else if ifFile, status.kind == .regular, status.size == 0 {
                try directory.removeFile(name)
            } else {
                return false
            }
            try directory.setModified(before)
            return true
        } catch {
            switch error.errno {
            case .directoryNotEmpty, .fileExists: return false
            case .noSuchFileOrDirectory, .notDirectory, .tooManySymbolicLinkLevels: return true
            default: throw error
            }
        }
    }
}
