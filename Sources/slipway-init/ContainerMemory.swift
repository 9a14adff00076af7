import CSandboxInit

/// Files in the memory of the assembly, to which no path of the container leads; they are bound to where they are wanted.
struct ContainerMemory: ~Copyable {
    private let folder: Descriptor
    private var count: UInt8 = 0

    /// Opens the assembly.
    init(at place: Text) throws(SetupFailure) {
        folder = try Descriptor(init_open(currentDirectory, place, init_flags_directory(), 0))
    }

    /// Makes the next file of a policy: permissions, owner, group and content.
    mutating func makeFile(_ reader: inout PolicyReader) throws(SetupFailure) -> Descriptor {
        let permissions = try reader.integer32()
        let owner = try reader.integer32()
        let group = try reader.integer32()
        let content = try reader.blob()
        let folder = folder.rawValue
        let created = try withNextName { init_open(folder, $0, init_flags_new_file(), 0o600) }
        let file = try Descriptor(created)
        var written = 0
        while written < content.count {
            let rest = UInt32(clamping: min(content.count - written, 1 << 30))
            written += Int(try check(init_write(file.rawValue, content.baseAddress.map { $0 + written }, rest)))
        }
        // Changing the owner clears set-id bits, so that comes first.
        try check(init_set_owner(file.rawValue, owner, group))
        try check(init_set_mode(file.rawValue, permissions))
        return file
    }

    /// Makes the next device of a policy: whether it is a block device, permissions, owner, group and numbers.
    mutating func makeDevice(_ reader: inout PolicyReader) throws(SetupFailure) -> Descriptor {
        let type: UInt32 = try reader.boolean() ? 0o060000 : 0o020000
        let permissions = try reader.integer32()
        let owner = try reader.integer32()
        let group = try reader.integer32()
        let major = try reader.integer32()
        let minor = try reader.integer32()
        let folder = folder.rawValue
        let opened = try withNextName { name in
            let made = init_make_node(folder, name, type, major, minor)
            guard made >= 0 else { return made }
            let owned = init_set_node_attributes(folder, name, owner, group, permissions)
            guard owned >= 0 else { return owned }
            return init_open(folder, name, init_flags_path_no_follow(), 0)
        }
        return try Descriptor(opened)
    }

    /// Calls `body` with a name that no file here has: two letters from `a` to `p` for each number.
    private mutating func withNextName(_ body: (Text?) -> Int32) throws(SetupFailure) -> Int32 {
        guard count < .max else { throw .malformed }
        count += 1
        var name = (CChar(0x61 + count >> 4), CChar(0x61 + count & 0xF), CChar(0))
        return withUnsafeBytes(of: &name) { bytes in
            bytes.withMemoryRebound(to: CChar.self) { name in body(name.baseAddress) }
        }
    }
}
