package import ByteStrings

/// The file `/etc/hosts` of a container.
///
/// Source: `hosts(5)`.
package enum HostsFile {
    /// A name and the address that it stands for.
    package struct Entry: Hashable, Sendable {
        package var address: ByteString
        package var name: ByteString

        package init(address: ByteString, name: ByteString) {
            self.address = address
            self.name = name
        }
    }

    /// The bytes of the file: the container's own names, then `entries` in their order.
    package static func bytes(hostName: ByteString, entries: [Entry] = []) -> [UInt8] {
        var lines: [[UInt8]] = [
            Array("127.0.0.1\tlocalhost ".utf8) + hostName.bytes,
            Array("::1\tlocalhost ip6-localhost ip6-loopback".utf8),
        ]
        for entry in entries { lines.append(entry.address.bytes + Array("\t".utf8) + entry.name.bytes) }
        return lines.flatMap { $0 + [UInt8(ascii: "\n")] }
    }
}
