package import ByteStrings
import CLinuxSystem
import SystemPackage

/// A name that one process at a time can have within a network namespace, and that is free as soon as it is gone.
///
/// It is a socket without a listener in the abstract namespace, so nobody can connect to it. Source: `unix(7)`.
package struct AbstractName: ~Copyable, Sendable {
    private let socket: OwnedDescriptor

    private init(socket: consuming OwnedDescriptor) {
        self.socket = socket
    }

    /// Takes the name, 1 to 107 bytes, or gives nil when somebody has it.
    package static func claim(_ name: ByteString) throws(SystemError) -> AbstractName? {
        let bytes = name.bytes
        do {
            let socket = try systemCall("claim the name", name) {
                bytes.withUnsafeBytes { slipway_bind_abstract_name($0.baseAddress, $0.count) }
            }
            return AbstractName(socket: OwnedDescriptor(adopting: socket))
        } catch {
            if error.errno == .addressInUse { return nil }
            throw error
        }
    }
}
