package import ByteStrings

/// One line that `/etc/hosts` has in RUN steps.
package struct HostEntry: Hashable, Sendable {
    package var name: ByteString

    /// An IP address as text; not part of cache keys.
    package var address: ByteString

    package init(name: ByteString, address: ByteString) {
        self.name = name
        self.address = address
    }
}
