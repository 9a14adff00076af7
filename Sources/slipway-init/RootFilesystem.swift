import CSandboxInit

/// What a mount target must become when it is missing.
enum MissingTarget {
    case fails, becomesDirectory, becomesFile
}

/// The container's root while the host is still around it: every path is resolved inside, whatever links say.
struct RootFilesystem: ~Copyable {
    private let root: Descriptor
    private let status: init_status

    /// Takes over the mounted root.
    init(_ root: consuming Descriptor) throws(SetupFailure) {
        status = try root.status()
        self.root = root
    }

    /// Makes this tree the root of the process and lets go of the host's.
    func enter() throws(SetupFailure) {
        try check(init_pivot_to(root.rawValue))
    }

    /// Opens the place of a mount of ours: no link on the way, whatever image this is.
    func openFixed(_ path: Text, missing: MissingTarget = .fails) throws(SetupFailure) -> Descriptor {
        try open(path, missing: missing, followsLinks: false)
    }

    /// Opens the place of a mount that the Dockerfile asks for.
    ///
    /// Links are followed inside the root. The root itself and everything in `/proc` and `/sys` is refused.
    func openRequested(_ path: Text, missing: MissingTarget) throws(SetupFailure) -> Descriptor {
        let target = try open(path, missing: missing, followsLinks: true)
        let isKernels = try check(init_is_kernel_tree(target.rawValue)) != 0
        guard !isKernels, try !target.status().isSameFile(as: status) else {
            throw SetupFailure(errorNumber: Int32(INIT_EPERM.rawValue), detail: SetupFormat.targetRefused)
        }
        return target
    }

    /// Opens what is mounted at the place of a mount of ours; nil when nothing is.
    func openMount(_ path: Text) throws(SetupFailure) -> Descriptor? {
        do {
            return try mounted(openFixed(path))
        } catch {
            guard error.errorNumber == Int32(INIT_ENOENT.rawValue) else { throw error }
            return nil
        }
    }

    private func mounted(_ place: consuming Descriptor) throws(SetupFailure) -> Descriptor? {
        guard try place.status().device != status.device else { return nil }
        return place
    }

    /// Opens what exists at a path of a mount's source, following links inside this tree alone.
    func openSource(_ path: Text) throws(SetupFailure) -> Descriptor {
        try open(path, missing: .fails, followsLinks: true)
    }

    /// Opens the folder that the command starts in, made where a mount does not have it, as runc makes it.
    func openWorkingDirectory(_ path: Text) throws(SetupFailure) -> Descriptor {
        try open(path, missing: .becomesDirectory, followsLinks: true)
    }

    /// Opens the folder of `path` and calls `body` with it and the last name.
    func withParent(
        of path: Text,
        _ body: (Int32, Text) throws(SetupFailure) -> Void
    ) throws(SetupFailure) {
        var bytes = pathBytes(path)
        guard let slash = bytes.lastIndex(of: slashByte), slash + 1 < bytes.count else { throw .malformed }
        let name = path + slash + 1
        bytes.removeSubrange((slash + 1)...)
        let parent = try walk(bytes, missing: .fails, followsLinks: false)
        try body(parent.rawValue, name)
    }

    private func open(
        _ path: Text,
        missing: MissingTarget,
        followsLinks: Bool
    ) throws(SetupFailure) -> Descriptor {
        var result = init_open_in_root(root.rawValue, path, init_flags_path(), followsLinks)
        var attempts = 0
        // A rename somewhere on the host makes the kernel give up a resolution that it could not prove safe.
        while failed(result, INIT_EAGAIN), attempts < 128 {
            result = init_open_in_root(root.rawValue, path, init_flags_path(), followsLinks)
            attempts += 1
        }
        let mustWalk = failed(result, INIT_ENOSYS) || failed(result, INIT_EPERM) || failed(result, INIT_EAGAIN)
        if mustWalk || (failed(result, INIT_ENOENT) && missing != .fails) {
            return try walk(pathBytes(path), missing: missing, followsLinks: followsLinks)
        }
        return try Descriptor(result)
    }

    /// Resolves component by component, creating what is missing, for ever inside the root.
    ///
    /// `..` goes back to a folder already opened, so no rename can lead outside.
    private func walk(
        _ path: [UInt8],
        missing: MissingTarget,
        followsLinks: Bool
    ) throws(SetupFailure) -> Descriptor {
        var pending = path
        var next = 0
        var opened: [Int32] = []
        defer { for descriptor in opened { _ = init_close(descriptor) } }
        var linksLeft = 40
        while let name = nextComponent(of: pending, from: &next) {
            if name.count == 2, name[0] == dotByte { continue }
            if name.count == 3, name[0] == dotByte, name[1] == dotByte {
                if let last = opened.popLast() { _ = init_close(last) }
                continue
            }
            let isLast = !hasComponent(pending, from: next)
            let wanted = isLast || missing == .fails ? missing : .becomesDirectory
            let found = try openChild(name, of: opened.last ?? root.rawValue, missing: wanted)
            let status = try found.status()
            guard status.isSymbolicLink else {
                opened.append(try check(init_duplicate(found.rawValue)))
                continue
            }
            // Links of a process file system lead to files, not to names.
            guard followsLinks, linksLeft > 0, try check(init_is_kernel_tree(found.rawValue)) == 0 else {
                throw SetupFailure(INIT_ELOOP)
            }
            linksLeft -= 1
            let target = try readLink(found.rawValue)
            if target.first == slashByte {
                for descriptor in opened { _ = init_close(descriptor) }
                opened.removeAll()
            }
            pending = target + [slashByte] + pending[next...]
            next = 0
        }
        return try Descriptor(init_duplicate(opened.last ?? root.rawValue))
    }

    private func openChild(
        _ name: [UInt8],
        of parent: Int32,
        missing: MissingTarget
    ) throws(SetupFailure) -> Descriptor {
        let result = name.withText { init_open(parent, $0, init_flags_path_no_follow(), 0) }
        guard failed(result, INIT_ENOENT) else { return try Descriptor(result) }
        let created: Int32
        switch missing {
        case .fails:
            throw SetupFailure(INIT_ENOENT)
        case .becomesDirectory:
            created = name.withText { init_make_directory(parent, $0, 0o755) }
        case .becomesFile:
            created = name.withText { init_open(parent, $0, init_flags_new_file(), 0o644) }
            if created >= 0 { _ = init_close(created) }
        }
        guard created >= 0 || failed(created, INIT_EEXIST) else { throw SetupFailure(errorNumber: -created) }
        return try Descriptor(name.withText { init_open(parent, $0, init_flags_path_no_follow(), 0) })
    }

    private func readLink(_ link: Int32) throws(SetupFailure) -> [UInt8] {
        var target = [UInt8](repeating: 0, count: 4096)
        let count = target.withUnsafeMutableBytes { buffer in
            let start = buffer.baseAddress?.assumingMemoryBound(to: CChar.self)
            return init_read_link(link, Text.empty, start, UInt32(buffer.count))
        }
        guard try check(count) < 4096 else { throw SetupFailure(INIT_ENAMETOOLONG) }
        target.removeSubrange(Int(count)...)
        return target
    }
}

private let slashByte = UInt8(ascii: "/")
private let dotByte = UInt8(ascii: ".")

private func pathBytes(_ path: Text) -> [UInt8] {
    var bytes: [UInt8] = []
    var position = 0
    while path[position] != 0 {
        bytes.append(UInt8(bitPattern: path[position]))
        position += 1
    }
    return bytes
}

private func hasComponent(_ path: [UInt8], from start: Int) -> Bool {
    var position = start
    while position < path.count {
        if path[position] != slashByte { return true }
        position += 1
    }
    return false
}

/// The next name of the path with a NUL behind it.
private func nextComponent(of path: [UInt8], from position: inout Int) -> [UInt8]? {
    while position < path.count, path[position] == slashByte { position += 1 }
    guard position < path.count else { return nil }
    var name: [UInt8] = []
    while position < path.count, path[position] != slashByte {
        name.append(path[position])
        position += 1
    }
    name.append(0)
    return name
}

extension [UInt8] {
    /// Calls `body` with the bytes, whose last is a NUL, as a C string.
    fileprivate func withText(_ body: (Text) -> Int32) -> Int32 {
        withUnsafeBytes { buffer in
            guard let start = buffer.baseAddress else { return -Int32(INIT_EINVAL.rawValue) }
            return body(start.assumingMemoryBound(to: CChar.self))
        }
    }
}
