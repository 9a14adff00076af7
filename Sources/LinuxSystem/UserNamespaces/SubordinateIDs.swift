package import ByteStrings

/// The ids that an administrator has given to a user for namespaces of the user's own.
///
/// Source: `subuid(5)`, `subgid(5)`.
package enum SubordinateIDs {
    /// Ids that follow each other.
    package struct Range: Hashable, Sendable {
        package var first: UInt32

        /// At least 1.
        package var count: UInt32

        package init(first: UInt32, count: UInt32) {
            self.first = first
            self.count = count
        }
    }

    /// The most bytes of a file that are looked at: 4 MiB.
    package static let sizeLimit = 4 << 20

    /// The ranges of a user in the bytes of `/etc/subuid` or `/etc/subgid`, in the order of the file.
    ///
    /// A line names the user by one of `names` or by its number. Lines that are none, and ranges beyond the last id, are
    /// passed over.
    package static func ranges(in bytes: [UInt8], names: [ByteString], id: UInt32) -> [Range] {
        let owners = Set(names + [ByteString(String(id))])
        return bytes.split(separator: UInt8(ascii: "\n")).compactMap { line in
            let fields = line.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
            guard fields.count == 3, owners.contains(ByteString(fields[0])) else { return nil }
            guard let first = number(fields[1]), let count = number(fields[2]), count > 0 else { return nil }
            guard UInt64(first) + UInt64(count) <= UInt64(UInt32.max) else { return nil }
            return Range(first: first, count: count)
        }
    }

    /// The names of a user in the bytes of `/etc/passwd`.
    package static func names(in passwd: [UInt8], of id: UInt32) -> [ByteString] {
        passwd.split(separator: UInt8(ascii: "\n")).compactMap { line in
            let fields = line.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
            guard fields.count >= 3, !fields[0].isEmpty, number(fields[2]) == id else { return nil }
            return ByteString(fields[0])
        }
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> UInt32? {
        guard !digits.isEmpty, digits.count <= 10, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return UInt32(String(decoding: digits, as: UTF8.self))
    }
}
