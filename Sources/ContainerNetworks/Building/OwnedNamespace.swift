import ByteStrings
import LinuxSystem

/// A network namespace of ours, and a socket to configure it.
final class OwnedNamespace: Sendable {
    let socket: NetlinkSocket
    let handle: NamespaceHandle

    /// Makes a namespace with nothing in it but loopback, which is down.
    ///
    /// Interfaces that come to be in it take no part in IPv6 when `isSilent`. Call it on a thread that may change its
    /// namespaces; it is back in `home` afterwards.
    init(returningTo home: borrowing OwnedDescriptor, isSilent: Bool = false) throws(SystemError) {
        try NetworkNamespace.makeCurrent()
        let made: Result<(NetlinkSocket, CInt), SystemError> = Self.open(isSilent: isSilent)
        // A thread that cannot go back must not do anything else, and the failure sees to that.
        try NetworkNamespace.enter(home)
        let (socket, descriptor) = try made.get()
        self.socket = socket
        handle = NamespaceHandle(OwnedDescriptor(adopting: descriptor))
    }

    /// What `setns(2)` takes.
    var descriptor: CInt { handle.descriptor }

    private static func open(isSilent: Bool) -> Result<(NetlinkSocket, CInt), SystemError> {
        do throws(SystemError) {
            // A mercy for the kernel; where settings are read-only, interfaces get addresses that nobody uses.
            if isSilent { try? KernelSetting.withoutIPv6("default").set(true) }
            let socket = try NetlinkSocket(.route)
            return .success((socket, try NetworkNamespace.current().release()))
        } catch {
            return .failure(error)
        }
    }
}

/// What keeps a namespace alive.
final class NamespaceHandle: Sendable {
    private let file: OwnedDescriptor

    init(_ file: consuming OwnedDescriptor) {
        self.file = file
    }

    var descriptor: CInt { file.rawValue }
}
