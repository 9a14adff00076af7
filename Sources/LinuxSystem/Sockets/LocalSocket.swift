package import ByteStrings
import CLinuxSystem
import SystemPackage

/// Stream sockets that have a name in a directory.
///
/// Source: `unix(7)`.
package enum LocalSocket {
    /// So many connections wait to be accepted; further ones are refused.
    private static let backlog: CInt = 64

    /// A socket that listens, under a new name in a directory of whatever path.
    ///
    /// It never blocks in ``accept(from:)``. Its owner and permissions are those of a new file. Needs a mounted `/proc`.
    package static func listen(
        as name: ByteString,
        in directory: borrowing OwnedDescriptor
    ) throws(SystemError) -> OwnedDescriptor {
        // A name that a socket can have is shorter than many a path.
        let path = ByteString("/proc/self/fd/\(directory.rawValue)/").appendingPath(name)
        return OwnedDescriptor(
            adopting: try systemCall("listen at", path: path) { slipway_unix_listen($0, backlog) }
        )
    }

    /// The next connection to a listening socket; `EAGAIN` when nobody waits.
    package static func accept(from listener: borrowing OwnedDescriptor) throws(SystemError) -> OwnedDescriptor {
        let descriptor = listener.rawValue
        return OwnedDescriptor(
            adopting: try systemCall("accept a connection") { slipway_unix_accept(descriptor) }
        )
    }

    /// A connection to the socket at a path of the host.
    ///
    /// Throws `ECONNREFUSED` when nobody listens there.
    package static func connect(to hostPath: ByteString) throws(SystemError) -> OwnedDescriptor {
        OwnedDescriptor(adopting: try systemCall("connect to", path: hostPath) { slipway_unix_connect($0) })
    }
}
