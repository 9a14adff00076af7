import CSandboxInit

/// The container while it is set up: carries out one operation after the other.
struct Container: ~Copyable {
    private var root: RootFilesystem?

    /// An empty read-only tree, attached where the first folder was masked.
    private var emptyTree: Int32?

    /// The device of the empty tree, which tells what is masked from what is not.
    private var emptyDevice: UInt64?

    /// The memory that files of the container alone are in, once there is one.
    private var memory: ContainerMemory?

    /// Carries out the operation of this number with the fields that `reader` holds.
    mutating func perform(_ opcode: SetupOpcode, _ reader: inout PolicyReader) throws(SetupFailure) {
        switch opcode {
        case .dieWithParent: try dieWithParent()
        case .joinNetwork: try check(init_join_network(Int32(truncatingIfNeeded: try reader.integer32())))
        case .isolateMounts: try check(init_make_mounts_private())
        case .mountAssembly: try mountAssembly(try reader.text())
        case .adoptMount: try adoptMount(&reader)
        case .followUnmounts: try check(init_follow_unmounts())
        case .mountOverlay: root = try RootFilesystem(mountOverlay(&reader))
        case .mountFilesystem: try mountFilesystem(&reader)
        case .makeDirectory, .makeDevice, .makeSymbolicLink: try makeNode(opcode, &reader)
        case .guardDevices: try guardDevices(&reader)
        case .bindMount: try bindMount(&reader)
        case .mountFile: try mountFile(&reader)
        case .mountDevice: try mountDevice(&reader)
        case .mountLayers: try mountLayers(&reader)
        case .mask: try mask(try reader.text())
        case .makeReadOnly: try makeReadOnly(try reader.text())
        case .enterRoot: try enterRoot()
        default: try performInside(opcode, &reader)
        }
    }

    private func dieWithParent() throws(SetupFailure) {
        try check(init_die_with_parent())
        // From another pid namespace a dead parent cannot be told by its number, but its end of the pipe is gone.
        guard try check(init_peer_is_gone(SetupFormat.reportDescriptor)) == 0 else { init_exit(1) }
    }

    private mutating func enterRoot() throws(SetupFailure) {
        guard let root = root.take() else { throw .malformed }
        try root.enter()
    }

    /// Closes what it has open, before the place for it is needed; what was mounted stays where it is.
    mutating func letGo() {
        root = nil
        if let emptyTree { _ = init_close(emptyTree) }
        emptyTree = nil
    }

    // MARK: - Mounts

    /// Mounts an empty tree in memory over a folder of the host, which only this process sees, as the root for now.
    private mutating func mountAssembly(_ place: Text) throws(SetupFailure) {
        init_stage_at(place)
        let type = ("tmpfs" as StaticString).text
        let context = try Descriptor(init_fs_open(type))
        try check(init_fs_set_string(context.rawValue, ("source" as StaticString).text, type))
        try check(
            init_fs_set_string(context.rawValue, ("mode" as StaticString).text, ("0700" as StaticString).text)
        )
        // Since Linux 6.4: what is in it is never written to a disk, not even when memory runs short.
        _ = init_fs_set_flag(context.rawValue, ("noswap" as StaticString).text)
        try check(init_fs_create(context.rawValue))
        let sealed = MountAttributeBits.noSetUserID | MountAttributeBits.noDevices
        let tree = try Descriptor(init_fs_mount(context.rawValue, sealed))
        let target = try Descriptor(init_open(currentDirectory, place, init_flags_directory(), 0))
        try check(init_attach_mount(tree.rawValue, target.rawValue))
        root = try RootFilesystem(tree)
    }

    /// Mounts what is mounted at a path of the assembly at the same path of the root.
    ///
    /// A copy of the mounts, so that in lists of mounts, which go by age, the root comes first.
    private func adoptMount(_ reader: inout PolicyReader) throws(SetupFailure) {
        let path = try reader.text()
        let assembly = try RootFilesystem(
            try Descriptor(init_open(currentDirectory, try reader.text(), init_flags_directory(), 0))
        )
        guard let source = try assembly.openMount(path) else { return }
        let mount = try Descriptor(init_clone_mount(source.rawValue, true))
        let target = try openFixed(path, missing: .becomesDirectory)
        try check(init_attach_mount(mount.rawValue, target.rawValue))
    }

    private func mountFilesystem(_ reader: inout PolicyReader) throws(SetupFailure) {
        let type = try reader.text()
        let target = try reader.text()
        let attributes = try reader.integer64()
        let isRequested = try reader.boolean()
        let isOptional = try reader.boolean()
        let count = try reader.integer32()
        let options = reader.rest()
        do {
            let mount = try createFilesystem(type, attributes, count, options)
            let place =
                isRequested
                ? try openRequested(target, missing: .becomesDirectory)
                : try openFixed(target, missing: .becomesDirectory)
            try check(init_attach_mount(mount.rawValue, place.rawValue))
        } catch {
            // A kernel without this file system, or one that forbids it here: the container does without.
            guard isOptional, Self.isAbsence(error) else { throw error }
        }
    }

    private static func isAbsence(_ failure: SetupFailure) -> Bool {
        [INIT_ENODEV, INIT_EPERM, INIT_EBUSY].contains { failure.errorNumber == Int32($0.rawValue) }
    }

    private func createFilesystem(
        _ type: Text,
        _ attributes: UInt64,
        _ count: UInt32,
        _ options: PolicyReader
    ) throws(SetupFailure) -> Descriptor {
        var options = options
        let context = try Descriptor(init_fs_open(type))
        // What mount tables show in place of a device.
        try check(init_fs_set_string(context.rawValue, ("source" as StaticString).text, type))
        for _ in 0..<count {
            let key = try options.text()
            let value = try options.terminatedBytes()
            try check(
                value.count == 0
                    ? init_fs_set_flag(context.rawValue, key)
                    : init_fs_set_string(context.rawValue, key, value.pointer)
            )
        }
        guard options.isAtEnd else { throw .malformed }
        try check(init_fs_create(context.rawValue))
        return try Descriptor(init_fs_mount(context.rawValue, attributes))
    }

    private func bindMount(_ reader: inout PolicyReader) throws(SetupFailure) {
        let source = try Descriptor(init_open(currentDirectory, try reader.text(), init_flags_path(), 0))
        let path = try reader.terminatedBytes()
        let target = try reader.text()
        let attributes = try reader.integer64()
        try bind(source, path, on: target, attributes)
    }

    /// Mounts several folders as one tree, aside, and binds part of it.
    private func mountLayers(_ reader: inout PolicyReader) throws(SetupFailure) {
        let tree = try mountOverlay(&reader)
        let path = try reader.terminatedBytes()
        let target = try reader.text()
        try bind(tree, path, on: target, try reader.integer64())
    }

    /// Binds what is at `path` inside `source`, `source` itself when that is empty.
    private func bind(
        _ source: consuming Descriptor,
        _ path: (pointer: Text, count: UInt32),
        on target: Text,
        _ attributes: UInt64
    ) throws(SetupFailure) {
        let mount: Descriptor
        let isDirectory: Bool
        if path.count == 0 {
            isDirectory = try source.status().isDirectory
            mount = try Descriptor(init_clone_mount(source.rawValue, true))
        } else {
            let tree = try RootFilesystem(source)
            let inside = try tree.openSource(path.pointer)
            isDirectory = try inside.status().isDirectory
            mount = try Descriptor(init_clone_mount(inside.rawValue, true))
        }
        let place = try openRequested(target, missing: isDirectory ? .becomesDirectory : .becomesFile)
        try attach(mount, to: place, setting: attributes, recursive: true)
    }

    /// Writes a file into memory and binds it.
    private mutating func mountFile(_ reader: inout PolicyReader) throws(SetupFailure) {
        let place = try reader.text()
        let target = try reader.text()
        let attributes = try reader.integer64()
        if memory == nil { memory = try ContainerMemory(at: place) }
        guard let file = try memory?.makeFile(&reader) else { throw .malformed }
        let mount = try Descriptor(init_clone_mount(file.rawValue, false))
        let opened = try openRequested(target, missing: .becomesFile)
        try attach(mount, to: opened, setting: attributes, recursive: false)
    }

    /// Makes a node in memory and binds it, the only mount of that memory on which it can be opened.
    private mutating func mountDevice(_ reader: inout PolicyReader) throws(SetupFailure) {
        let place = try reader.text()
        let target = try reader.text()
        let attributes = try reader.integer64()
        if memory == nil { memory = try ContainerMemory(at: place) }
        guard let node = try memory?.makeDevice(&reader) else { throw .malformed }
        let mount = try Descriptor(init_clone_mount(node.rawValue, false))
        let opened = try openRequested(target, missing: .becomesFile)
        try check(init_attach_mount(mount.rawValue, opened.rawValue))
        try check(init_set_mount_attributes(mount.rawValue, attributes, MountAttributeBits.noDevices, false))
    }

    /// Puts every device of a list on a mount of its own, and forbids devices in the rest of the folder.
    ///
    /// So a node that the container makes later cannot be opened, with or without a device cgroup.
    private func guardDevices(_ reader: inout PolicyReader) throws(SetupFailure) {
        let directory = try openFixed(try reader.text())
        for _ in 0..<(try reader.integer32()) {
            let name = try reader.text()
            let node = try Descriptor(init_open(directory.rawValue, name, init_flags_path_no_follow(), 0))
            let mount = try Descriptor(init_clone_mount(node.rawValue, false))
            try check(init_attach_mount(mount.rawValue, node.rawValue))
        }
        try check(init_set_mount_attributes(directory.rawValue, MountAttributeBits.noDevices, 0, false))
    }

    private mutating func mask(_ path: Text) throws(SetupFailure) {
        guard let place = try openIfPresent(path) else { return }
        let hidden = MountAttributeBits.readOnly | MountAttributeBits.noSetUserID | MountAttributeBits.noExecution
        guard try place.status().isDirectory else {
            let null = try openFixed(("/dev/null" as StaticString).text)
            guard try null.status().isNullDevice else { throw SetupFailure(INIT_ENODEV) }
            let mount = try Descriptor(init_clone_mount(null.rawValue, false))
            return try attach(mount, to: place, setting: hidden, recursive: false)
        }
        if let emptyTree {
            let mount = try Descriptor(init_clone_mount(emptyTree, false))
            try check(init_attach_mount(mount.rawValue, place.rawValue))
            return
        }
        let context = try Descriptor(init_fs_open(("tmpfs" as StaticString).text))
        try check(
            init_fs_set_string(
                context.rawValue,
                ("nr_inodes" as StaticString).text,
                ("1" as StaticString).text
            )
        )
        try check(init_fs_create(context.rawValue))
        let mount = try Descriptor(init_fs_mount(context.rawValue, hidden | MountAttributeBits.noDevices))
        try check(init_attach_mount(mount.rawValue, place.rawValue))
        emptyTree = try check(init_duplicate(mount.rawValue))
        emptyDevice = try mount.status().device
    }

    private func makeReadOnly(_ path: Text) throws(SetupFailure) {
        guard let place = try openIfPresent(path) else { return }
        let mount = try Descriptor(init_clone_mount(place.rawValue, true))
        try attach(mount, to: place, setting: MountAttributeBits.readOnly, recursive: true)
    }

    private func attach(
        _ mount: borrowing Descriptor,
        to place: borrowing Descriptor,
        setting attributes: UInt64,
        recursive: Bool
    ) throws(SetupFailure) {
        try check(init_attach_mount(mount.rawValue, place.rawValue))
        // Nothing runs in the container yet, so no one can use the moment between the two calls.
        try check(init_set_mount_attributes(mount.rawValue, attributes, 0, recursive))
    }

    // MARK: - Nodes

    private func makeNode(_ opcode: SetupOpcode, _ reader: inout PolicyReader) throws(SetupFailure) {
        guard root != nil else { throw .malformed }
        let path = try reader.text()
        let first: UInt32
        let second: UInt32
        let third: UInt32
        var linkTarget = Text.empty
        if opcode == .makeSymbolicLink {
            linkTarget = try reader.text()
            (first, second, third) = (0, 0, 0)
        } else {
            first = try reader.integer32()
            second = opcode == .makeDevice ? try reader.integer32() : 0
            third = opcode == .makeDevice ? try reader.integer32() : 0
        }
        let characterDevice: UInt32 = 0o020000
        try root?.withParent(of: path) { (parent, name) throws(SetupFailure) in
            switch opcode {
            case .makeDirectory: try check(init_make_directory(parent, name, first))
            case .makeDevice: try check(init_make_node(parent, name, characterDevice | first, second, third))
            default: try check(init_make_symbolic_link(parent, name, linkTarget))
            }
        }
    }

    // MARK: - Places

    private func openFixed(_ path: Text, missing: MissingTarget = .fails) throws(SetupFailure) -> Descriptor {
        guard let place = try root?.openFixed(path, missing: missing) else { throw .malformed }
        return place
    }

    private func openRequested(_ path: Text, missing: MissingTarget) throws(SetupFailure) -> Descriptor {
        guard let place = try root?.openRequested(path, missing: missing) else { throw .malformed }
        // Through links a path can lead to a mask, which would be no mask any more.
        let status = try place.status()
        let isMaskedFile = status.isNullDevice && !isSame(path, "/dev/null")
        guard !isMaskedFile, status.device != emptyDevice else {
            throw SetupFailure(errorNumber: Int32(INIT_EPERM.rawValue), detail: SetupFormat.targetRefused)
        }
        // Of a folder for a file, or the other way round, the kernel would only say that it is invalid.
        if missing == .becomesDirectory, !status.isDirectory { throw SetupFailure(INIT_ENOTDIR) }
        if missing == .becomesFile, status.isDirectory { throw SetupFailure(INIT_EISDIR) }
        return place
    }

    /// Opens the place, or returns nil when this kernel has no such file; any other failure leaves it unprotected.
    private func openIfPresent(_ path: Text) throws(SetupFailure) -> Descriptor? {
        do {
            return try openFixed(path)
        } catch {
            guard error.errorNumber == Int32(INIT_ENOENT.rawValue) else { throw error }
            return nil
        }
    }
}
