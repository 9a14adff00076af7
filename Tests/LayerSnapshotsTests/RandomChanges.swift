import ByteStrings
import FileModel
import LinuxSystem
import TestSupport

/// Does to a directory what commands do, at random.
struct RandomChanges {
    private var random: SeededGenerator

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
    }

    /// Makes `count` attempts; those that cannot work are passed over.
    mutating func run(_ count: Int, in root: borrowing OwnedDescriptor) {
        for _ in 0..<count { try? step(in: root) }
    }

    private mutating func path() -> ByteString {
        let names: [ByteString] = ["a", "b", "c", "d d", ByteString([0xff, 0x0a])]
        return (0..<Int.random(in: 1...3, using: &random)).map { _ in
            names[Int.random(in: 0..<names.count, using: &random)]
        }.joinedAsPath
    }

    private mutating func number(_ bound: UInt32) -> UInt32 {
        UInt32.random(in: 0..<bound, using: &random)
    }

    private mutating func step(in root: borrowing OwnedDescriptor) throws {
        let path = path()
        let name = path.lastPathComponent
        let directory = try root.parent(of: path)
        switch number(16) {
        case 0, 1:
            try root.write("text \(number(1000))", to: path, permissions: UInt16(number(0o1000)) | 0o400)
        case 2:
            let file = try directory.openChild(name, [.writeOnly, .append, .nonBlocking])
            try file.write(Array("more".utf8))
        case 3, 4, 5:
            try directory.makeDirectory(name, permissions: UInt16(number(8)) | 0o750)
        case 6:
            try directory.makeSymbolicLink(name, to: self.path())
        case 7:
            let other = self.path()
            try directory.makeHardLink(name, to: other.lastPathComponent, in: root.parent(of: other))
        case 8, 9:
            try directory.removeTree(name)
        case 10:
            let other = self.path()
            try directory.rename(name, to: other.lastPathComponent, in: root.parent(of: other))
        case 11:
            try directory.setOwner(number(3), number(3), of: name)
            try directory.setPermissions(UInt16(number(0o10000)) | 0o700, of: name)
        case 12:
            try directory.setModified(Timestamp(seconds: Int64(number(1 << 30)), nanoseconds: number(1000)), of: name)
        case 13:
            try directory.setExtendedAttribute("user.test", Array("v\(number(9))".utf8), of: name)
        case 14:
            // Deleted and made anew: what lower layers have there must not come back.
            try directory.removeTree(name)
            try directory.makeDirectory(name, permissions: 0o711)
        default:
            let kinds: [FileKind] = [.fifo, .characterDevice, .blockDevice]
            try directory.makeNode(
                name,
                kind: kinds[Int(number(3))],
                permissions: 0o640,
                device: DeviceNumber(major: 240, minor: 3)
            )
        }
    }
}
