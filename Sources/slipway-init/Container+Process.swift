import CSandboxInit

extension Container {
    /// Carries out an operation on the process itself.
    func performInside(_ opcode: SetupOpcode, _ reader: inout PolicyReader) throws(SetupFailure) {
        switch opcode {
        case .setHostName:
            let name = try reader.terminatedBytes()
            try check(init_set_host_name(name.pointer, name.count))
        case .raiseLoopback:
            let result = init_raise_loopback()
            // Root without CAP_NET_ADMIN: then the step has no address at all.
            if !failed(result, INIT_EPERM) { try check(result) }
        case .setCreationMask: init_set_umask(try reader.integer32())
        case .setLimit:
            let resource = try reader.integer32()
            try check(init_set_limit(resource, try reader.integer64(), try reader.integer64()))
        case .joinSessionKeyring: try joinSessionKeyring()
        case .closeDescriptors: try closeDescriptors()
        case .changeDirectory: try changeDirectory(try reader.text())
        case .installFilter:
            let instructions = try reader.blob()
            try check(init_install_filter(instructions.baseAddress, UInt32(instructions.count / 8)))
        case .limitCapabilities: try check(init_drop_bounding(try reader.integer64()))
        case .assumeUser: try assumeUser(&reader)
        case .setCapabilities:
            let active = try reader.integer64()
            try check(init_set_capabilities(active, try reader.integer64(), try reader.integer64()))
        case .execute: try execute(&reader)
        default: throw .malformed
        }
    }

    private func joinSessionKeyring() throws(SetupFailure) {
        let result = init_join_session_keyring()
        // A kernel without keys, or a filter around us that hides them: there is nothing to be shared either.
        if failed(result, INIT_ENOSYS) || failed(result, INIT_EPERM) { return }
        // An ordinary user may have few; the builder has left the user's own already.
        if failed(result, INIT_EDQUOT) { return }
        try check(result)
    }

    /// Closes everything but standard streams and the report, which closes itself when the command starts.
    private func closeDescriptors() throws(SetupFailure) {
        let report = SetupFormat.reportDescriptor
        try check(init_close_from(3, UInt32(report - 1)))
        try check(init_close_from(report + 1, .max))
    }

    private func changeDirectory(_ path: Text) throws(SetupFailure) {
        let directory = try openDirectoryInside(path)
        try check(init_change_directory(directory.rawValue))
        // The kernel names a directory outside the root in a way that no path starts.
        let capacity: UInt32 = 4096
        let current = UnsafeMutablePointer<CChar>.allocate(capacity: Int(capacity))
        defer { current.deallocate() }
        try check(init_current_directory(current, capacity))
        guard current[0] == CChar(bitPattern: UInt8(ascii: "/")) else { throw SetupFailure(INIT_EACCES) }
    }

    private func openDirectoryInside(_ path: Text) throws(SetupFailure) -> Descriptor {
        let root = try RootFilesystem(
            try Descriptor(init_open(currentDirectory, ("/" as StaticString).text, init_flags_directory(), 0))
        )
        let directory = try root.openWorkingDirectory(path)
        guard try directory.status().isDirectory else { throw SetupFailure(INIT_ENOTDIR) }
        return directory
    }

    private func assumeUser(_ reader: inout PolicyReader) throws(SetupFailure) {
        let user = try reader.integer32()
        let group = try reader.integer32()
        let count = try reader.integer32()
        guard count <= 65536 else { throw .malformed }
        let groups = UnsafeMutablePointer<UInt32>.allocate(capacity: Int(count) + 1)
        defer { groups.deallocate() }
        for index in 0..<Int(count) { groups[index] = try reader.integer32() }
        try check(init_keep_capabilities())
        // A namespace may forbid it for good, and then asks for none.
        if count > 0 { try check(init_set_groups(groups, count)) }
        try check(init_set_group(group))
        try check(init_set_user(user))
        // The change of user makes the process visible to others again.
        try check(init_set_dumpable(false))
    }

    /// Becomes the command: the first candidate that the kernel accepts.
    ///
    /// Returns only by failing.
    private func execute(_ reader: inout PolicyReader) throws(SetupFailure) {
        let candidates = try reader.texts()
        let arguments = try reader.texts()
        let environment = try reader.texts()
        var refusal: Int32 = 0
        for index in 0..<candidates.count {
            guard let candidate = candidates.pointer[index] else { continue }
            let result = init_execute(candidate, arguments.pointer, environment.pointer)
            if failed(result, INIT_EACCES) {
                refusal = -result
                continue
            }
            let isAbsent = failed(result, INIT_ENOENT) || failed(result, INIT_ENOTDIR)
            // A file that is there and yet not found names an interpreter that is not there.
            if isAbsent, init_exists(candidate) == 0 { continue }
            throw SetupFailure(errorNumber: -result, detail: SetupFormat.commandRefused)
        }
        guard refusal == 0 else { throw SetupFailure(errorNumber: refusal, detail: SetupFormat.commandRefused) }
        throw SetupFailure(errorNumber: Int32(INIT_ENOENT.rawValue), detail: SetupFormat.commandMissing)
    }
}
