import ByteStrings
import CLinuxSystem
import Glibc
import SystemPackage

/// Opens paths below one directory, by `openat2(2)` or without it.
struct PathResolver {
    /// Borrowed for the time of the call.
    let root: CInt
    let flags: OpenFlags
    let permissions: UInt16
    let resolution: PathResolution

    /// A rename elsewhere on the host makes the kernel give up on `..`; on a busy host that happens many times in a row.
    private static let attempts = 128

    /// `PATH_MAX`, with the final NUL.
    private static let longestKernelPath = 4096

    func open(_ path: ByteString, by strategy: PathStrategy) throws(SystemError) -> OwnedDescriptor {
        guard !path.bytes.contains(0) else {
            throw SystemError(operation: "open", errno: .invalidArgument, path: path)
        }
        switch strategy {
        case .kernel:
            return try openByKernel(path)
        case .walk:
            return try walk(path)
        case .automatic:
            if path.count >= Self.longestKernelPath { return try walk(path) }
            do {
                return try openByKernel(path)
            } catch let error where [.noFunction, .notPermitted, .resourceTemporarilyUnavailable].contains(error.errno)
            {
                // EPERM is what many filters of system calls say; when it was meant, the walk meets it again.
                return try walk(path)
            }
        }
    }

    private func walk(_ path: ByteString) throws(SystemError) -> OwnedDescriptor {
        var walk = PathWalk(self, path)
        return try walk.open()
    }

    private func openByKernel(_ path: ByteString) throws(SystemError) -> OwnedDescriptor {
        let name = path.isEmpty ? "." : path
        var resolve = slipway_resolve_no_magiclinks
        switch resolution {
        case .inRoot: resolve |= slipway_resolve_in_root
        case .beneathWithoutLinks: resolve |= slipway_resolve_beneath | slipway_resolve_no_symlinks
        }
        for attempt in 1...Self.attempts {
            let opened = name.withTerminated {
                slipway_openat2(root, $0, flags.systemFlags, UInt32(permissions), resolve)
            }
            if opened != -1 { return OwnedDescriptor(adopting: opened) }

            // A FIFO or a device without a peer answers EAGAIN too, but then for ever; hence the bound.
            if attempt < Self.attempts && (errno == EAGAIN || errno == EINTR) { continue }
            throw lastError("open", path)
        }
        throw SystemError(operation: "open", errno: .resourceTemporarilyUnavailable, path: path)
    }
}
