import ByteStrings
import FileModel

/// Which ids a namespace is to have, and who can give it those.
struct MapPlan {
    let user: UInt32
    let group: UInt32

    /// Nil where the caller's ids are all there is.
    private let maps: (users: IDMap, groups: IDMap)?

    /// Nil where the caller may write the maps without help.
    private let programs: (users: ByteString, groups: ByteString)?

    /// Why the caller's ids are all there is.
    private(set) var note: String?

    /// The plan of an ordinary user, who gets the subordinate ids.
    init(user: UInt32, group: UInt32, environment: [ByteString: ByteString]) {
        self.user = user
        self.group = group
        var names = SubordinateIDs.names(in: Self.bytes("/etc/passwd"), of: user)
        // Accounts of a network are not in the file; the programs look at the name themselves.
        if names.isEmpty { names = ["LOGNAME", "USER"].compactMap { environment[$0] }.filter { !$0.isEmpty } }
        let users = SubordinateIDs.ranges(in: Self.bytes("/etc/subuid"), names: names, id: user)
        let groups = SubordinateIDs.ranges(in: Self.bytes("/etc/subgid"), names: names, id: user)
        let path = environment["PATH"] ?? ""
        let found = (users: Self.program("newuidmap", path), groups: Self.program("newgidmap", path))
        if users.isEmpty || groups.isEmpty {
            let file = users.isEmpty ? "/etc/subuid" : "/etc/subgid"
            note = "\(names.first?.description ?? "user \(user)") has no subordinate ids in \(file)"
            (maps, programs) = (nil, nil)
        } else if let userProgram = found.users, let groupProgram = found.groups {
            maps = (IDMap(own: user, subordinate: users), IDMap(own: group, subordinate: groups))
            programs = (userProgram, groupProgram)
        } else {
            note = "newuidmap and newgidmap, which give subordinate ids, are not installed"
            (maps, programs) = (nil, nil)
        }
    }

    /// The plan of root, who keeps every id there is, as long as it can become every user.
    init(ofRoot group: UInt32) {
        user = 0
        self.group = group
        programs = nil
        let missing = Self.ofUsers.first { !Host.hasCapability($0.number) }
        let users = try? UserNamespace.map("uid_map")
        let groups = try? UserNamespace.map("gid_map")
        if let missing {
            note = "root without \(missing.name) may give no files away"
            maps = nil
        } else if let users, let groups {
            maps = (users.insideOut, groups.insideOut)
        } else {
            note = "`/proc` does not tell the ids there are"
            maps = nil
        }
    }

    private static let ofUsers: [(number: UInt32, name: String)] = [(6, "CAP_SETGID"), (7, "CAP_SETUID")]

    /// Starts the programs, which wait; nil where there is nothing for them to do, or they cannot be started.
    func helper() -> IDMapProgram? {
        guard let maps else { return nil }
        guard let programs else { return try? IDMapProgram(maps.users, maps.groups) }
        return try? IDMapProgram(maps.users, by: programs.users, maps.groups, by: programs.groups)
    }

    private static func bytes(_ path: ByteString) -> [UInt8] {
        guard let file = try? OwnedDescriptor.openFile(path, .readOnly) else { return [] }
        return (try? file.readAll(limit: SubordinateIDs.sizeLimit)) ?? []
    }

    private static func program(_ name: ByteString, _ path: ByteString) -> ByteString? {
        let folders = path.bytes.split(separator: UInt8(ascii: ":")).map { ByteString($0) }.filter(\.isAbsolutePath)
        return (folders + ["/usr/bin", "/bin", "/usr/local/bin"]).map { $0.appendingPath(name) }.first { path in
            (try? FileStatus.at(hostPath: path, followingLinks: true))??.kind == .regular
        }
    }
}
