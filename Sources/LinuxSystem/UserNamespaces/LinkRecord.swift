import ByteStrings

/// The owners of the symbolic links in one directory, which cannot carry attributes themselves.
///
/// A link is known by four bytes of a hash of its name, so that some hundreds of links fit into the block that a file
/// system gives to the attributes of a file.
struct LinkRecord {
    private struct Owner: Hashable {
        var user: UInt32
        var group: UInt32
    }

    private var owners: [Owner] = []
    private var links: [UInt32: UInt8] = [:]

    /// An owner takes eight bytes, a link five.
    private static let sizes = (owner: 8, link: 5)

    init() {}

    /// Reads an attribute; nil when it is none of ours.
    init?(_ value: [UInt8]) {
        guard let count = value.first.map(Int.init), value.count >= 1 + count * Self.sizes.owner else { return nil }
        let rest = value.count - 1 - count * Self.sizes.owner
        guard rest % Self.sizes.link == 0 else { return nil }
        for index in 0..<count {
            let start = 1 + index * Self.sizes.owner
            owners.append(
                Owner(
                    user: Self.integer(value[start..<(start + 4)]),
                    group: Self.integer(value[(start + 4)..<(start + 8)])
                )
            )
        }
        for start in stride(from: 1 + count * Self.sizes.owner, to: value.count, by: Self.sizes.link) {
            let number = value[start + 4]
            guard number < count else { return nil }
            links[Self.integer(value[start..<(start + 4)])] = number
        }
    }

    /// The value of the attribute; nil when nothing is recorded.
    var value: [UInt8]? {
        guard !links.isEmpty else { return nil }
        var bytes = [UInt8(truncatingIfNeeded: owners.count)]
        for owner in owners { bytes += Self.bytes(owner.user) + Self.bytes(owner.group) }
        for (hash, number) in links.sorted(by: { $0.key < $1.key }) { bytes += Self.bytes(hash) + [number] }
        return bytes
    }

    func owner(of name: ByteString) -> (owner: UInt32, group: UInt32)? {
        guard let number = links[Self.hash(name)] else { return nil }
        return (owners[Int(number)].user, owners[Int(number)].group)
    }

    /// Records an owner; one more than 255 different ones is not recorded.
    mutating func set(_ user: UInt32, _ group: UInt32, of name: ByteString) {
        let owner = Owner(user: user, group: group)
        if let known = owners.firstIndex(of: owner) {
            links[Self.hash(name)] = UInt8(known)
        } else if owners.count < 255 {
            links[Self.hash(name)] = UInt8(owners.count)
            owners.append(owner)
        }
    }

    mutating func remove(_ name: ByteString) {
        links[Self.hash(name)] = nil
    }

    /// FNV-1a, 32 bits.
    private static func hash(_ name: ByteString) -> UInt32 {
        name.bytes.reduce(0x811C_9DC5) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
    }

    private static func integer(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }

    private static func bytes(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }
}
