import ByteStrings

/// A tree of groups that is mounted here.
struct CgroupHierarchy: Hashable, Sendable {
    /// Where it is mounted.
    var mountPoint: ByteString

    /// The folder of the builder's own group; at or below ``mountPoint``.
    var own: ByteString

    /// Controllers of a hierarchy of version 1; empty for the unified one, which lists them in a file.
    var controllers: Set<String>
    var isUnified: Bool

    /// Whether both show the same groups, perhaps at different places.
    func isSameTree(as other: CgroupHierarchy) -> Bool {
        isUnified == other.isUnified && controllers == other.controllers
    }

    /// The folders from the builder's own group up to the mount point.
    var ownAndAbove: [ByteString] {
        let names = own.pathComponents
        let top = mountPoint.pathComponents.count
        return (top...max(top, names.count)).reversed().map { "/" + names.prefix($0).joinedAsPath }
    }
}

/// The hierarchies that this machine has: the unified one, several of version 1, or both.
struct CgroupLayout: Hashable, Sendable {
    var hierarchies: [CgroupHierarchy]

    var unified: CgroupHierarchy? { hierarchies.first(where: \.isUnified) }

    /// Reads the layout from the texts of `/proc/self/mountinfo` and `/proc/self/cgroup`.
    ///
    /// Source: `proc_pid_mountinfo(5)`, `cgroups(7)`.
    init(mountInfo: ByteString, ownGroups: ByteString) {
        let own = Self.ownGroups(ownGroups)
        hierarchies = []
        for line in mountInfo.bytes.split(separator: UInt8(ascii: "\n")) {
            let fields = line.split(separator: UInt8(ascii: " ")).map { ByteString($0) }
            if let hierarchy = Self.hierarchy(fields, own: own) { add(hierarchy) }
        }
    }

    /// Takes a hierarchy where it can be seen: of mounts at one place the last, of several places the first.
    private mutating func add(_ hierarchy: CgroupHierarchy) {
        if let covered = hierarchies.firstIndex(where: { $0.mountPoint == hierarchy.mountPoint }) {
            hierarchies[covered] = hierarchy
        } else if !hierarchies.contains(where: { $0.isSameTree(as: hierarchy) }) {
            hierarchies.append(hierarchy)
        }
    }

    private static func hierarchy(_ fields: [ByteString], own: [String: ByteString]) -> CgroupHierarchy? {
        guard fields.count > 6, let dash = fields.dropFirst(6).firstIndex(of: "-"), dash + 3 < fields.count else {
            return nil
        }
        let (root, mountPoint) = (unescaped(fields[3]), unescaped(fields[4]))
        switch fields[dash + 1] {
        case "cgroup2":
            guard let group = own[""] else { return nil }
            let folder = folder(of: group, below: root, at: mountPoint)
            return CgroupHierarchy(mountPoint: mountPoint, own: folder, controllers: [], isUnified: true)
        case "cgroup":
            let options = Set(fields[dash + 3].description.split(separator: ",").map(String.init))
            let controllers = options.intersection(CgroupController.allCases.map(\.rawValue))
            guard let group = controllers.sorted().compactMap({ own[$0] }).first else { return nil }
            let folder = folder(of: group, below: root, at: mountPoint)
            return CgroupHierarchy(mountPoint: mountPoint, own: folder, controllers: controllers, isUnified: false)
        default: return nil
        }
    }

    /// The folder of a group where only a part of the hierarchy may be mounted; the mount point for a group outside it.
    private static func folder(of group: ByteString, below root: ByteString, at mountPoint: ByteString) -> ByteString {
        let (names, top) = (group.pathComponents, root.pathComponents)
        guard !names.contains(".."), names.starts(with: top) else { return mountPoint }
        return mountPoint.appendingPath(names.dropFirst(top.count).joinedAsPath)
    }

    /// The builder's groups by controller, that of the unified hierarchy under the empty name.
    private static func ownGroups(_ text: ByteString) -> [String: ByteString] {
        var groups: [String: ByteString] = [:]
        for line in text.bytes.split(separator: UInt8(ascii: "\n")) {
            let fields = line.split(separator: UInt8(ascii: ":"), maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else { continue }
            for name in fields[1].split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
                groups[String(decoding: name, as: UTF8.self)] = ByteString(fields[2])
            }
        }
        return groups
    }

    /// A path with its blanks, tabs, newlines and backslashes, which mount tables write as octal numbers.
    private static func unescaped(_ text: ByteString) -> ByteString {
        var result: [UInt8] = []
        var rest = text.bytes[...]
        while let byte = rest.popFirst() {
            let digits = rest.prefix(3)
            if byte == UInt8(ascii: "\\"), digits.count == 3,
                let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 8)
            {
                result.append(value)
                rest = rest.dropFirst(3)
            } else {
                result.append(byte)
            }
        }
        return ByteString(result)
    }
}
