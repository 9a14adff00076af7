import ByteStrings
import CLinuxSystem
import FileModel
import Glibc
import SystemPackage

/// Resolves one path component by component, with the same outcome as `openat2(2)`.
///
/// Each directory is pinned by a descriptor and entered by a single name that is not followed, so a component swapped
/// for a link is noticed. `..` goes back to a directory that was walked through before and never asks the kernel, so a
/// directory moved out of the root meanwhile does not open a way out.
struct PathWalk {
    private struct Level {
        let name: ByteString
        var directory: Directory?
    }

    private final class Directory: Sendable {
        let descriptor: OwnedDescriptor
        init(_ descriptor: consuming OwnedDescriptor) { self.descriptor = descriptor }
    }

    private let request: PathResolver
    private let path: ByteString

    /// Names still to go, the next one last.
    private var pending: [ByteString]
    private var levels: [Level] = []
    private var linksFollowed = 0
    private var mustBeDirectory: Bool

    /// As many links as the kernel follows: `MAXSYMLINKS`.
    private static let mostLinks = 40

    /// Directories kept open; those above are opened again by name when `..` comes back to them.
    private static let mostDescriptors = 32

    init(_ request: PathResolver, _ path: ByteString) {
        self.request = request
        self.path = path
        pending = path.pathComponents.reversed()
        mustBeDirectory = path.demandsDirectory
    }

    mutating func open() throws(SystemError) -> OwnedDescriptor {
        if request.resolution == .beneathWithoutLinks && path.isAbsolutePath { throw failure(.improperLink) }
        while let name = pending.popLast() {
            if name == ".." {
                try goUp()
            } else if !pending.isEmpty {
                try enter(name)
            } else if let opened = try openLast(name) {
                return opened
            }
        }
        // The path ended at a directory that is already pinned: the root, `..`, or a link to one of them.
        if request.flags.contains(.create) { throw failure(.isDirectory) }
        return try openAt(current, ".", request.flags)
    }

    private var current: CInt {
        levels.last?.directory?.descriptor.rawValue ?? request.root
    }

    private mutating func goUp() throws(SystemError) {
        guard levels.popLast() != nil else {
            if request.resolution == .beneathWithoutLinks { throw failure(.improperLink) }
            return
        }
        if levels.isEmpty || levels.last?.directory != nil { return }

        let names = levels.map(\.name)
        levels.removeAll(keepingCapacity: true)
        for name in names { push(name, try openAt(current, name, [.pathOnly, .directory, .noFollow])) }
    }

    private mutating func push(_ name: ByteString, _ directory: consuming OwnedDescriptor) {
        levels.append(Level(name: name, directory: Directory(directory)))
        let expired = levels.count - 1 - Self.mostDescriptors
        if expired >= 0 { levels[expired].directory = nil }
    }

    /// Enters a component that has more behind it.
    private mutating func enter(_ name: ByteString) throws(SystemError) {
        let next = try openAt(current, name, [.pathOnly, .noFollow])
        switch try next.status().kind {
        case .directory: push(name, next)
        case .symbolicLink: try follow(next)
        default: throw failure(.notDirectory)
        }
    }

    /// Opens the last component, or nil when that was a link and there is more to walk.
    private mutating func openLast(_ name: ByteString) throws(SystemError) -> OwnedDescriptor? {
        if request.flags.contains(.create) && mustBeDirectory { throw failure(.isDirectory) }
        let follows = !request.flags.contains(.noFollow) || mustBeDirectory
        var flags = request.flags.union(.noFollow)
        if mustBeDirectory { flags.insert(.directory) }
        do {
            let opened = try openAt(current, name, flags)
            guard flags.contains(.pathOnly), follows, try opened.status().kind == .symbolicLink else { return opened }
            try follow(opened)
            return nil
        } catch let error where error.errno == .tooManySymbolicLinkLevels || error.errno == .notDirectory {
            // O_DIRECTORY hides a link behind ENOTDIR.
            guard follows, let link = try? openAt(current, name, [.pathOnly, .noFollow]),
                (try? link.status().kind) == .symbolicLink
            else { throw error }
            try follow(link)
            return nil
        }
    }

    /// Puts the text of a link in front of what is still to go.
    private mutating func follow(_ link: borrowing OwnedDescriptor) throws(SystemError) {
        linksFollowed += 1
        guard request.resolution == .inRoot, linksFollowed <= Self.mostLinks else {
            throw failure(.tooManySymbolicLinkLevels)
        }
        // Links of procfs may lead anywhere on the host, whatever their text says.
        if try link.filesystem().type == FilesystemStatus.procfs { throw failure(.tooManySymbolicLinkLevels) }

        let target = try link.readOwnLink()
        if target.isEmpty { throw failure(.noSuchFileOrDirectory) }
        if target.isAbsolutePath { levels.removeAll() }
        if pending.isEmpty && target.demandsDirectory { mustBeDirectory = true }
        pending += target.pathComponents.reversed()
    }

    private func openAt(_ directory: CInt, _ name: ByteString, _ flags: OpenFlags) throws(SystemError)
        -> OwnedDescriptor
    {
        OwnedDescriptor(
            adopting: try systemCall("open", path) {
                name.withTerminated { slipway_openat(directory, $0, flags.systemFlags, UInt32(request.permissions)) }
            }
        )
    }

    private func failure(_ errno: Errno) -> SystemError {
        SystemError(operation: "open", errno: errno, path: path)
    }
}

extension ByteString {
    /// Whether a path with this end names directories only: it ends in a slash, in `.` or in `..`.
    fileprivate var demandsDirectory: Bool {
        self == "." || self == ".." || hasSuffix("/") || hasSuffix("/.") || hasSuffix("/..")
    }
}
