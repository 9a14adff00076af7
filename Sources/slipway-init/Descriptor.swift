import CSandboxInit

/// Stands for the current directory where a call wants a folder; absolute paths ignore it.
let currentDirectory: Int32 = -100

/// An open file, closed when its owner lets go of it.
struct Descriptor: ~Copyable {
    let rawValue: Int32

    /// Takes over what a system call returned, or throws its failure.
    init(_ result: Int32) throws(SetupFailure) {
        rawValue = try check(result)
    }

    deinit {
        _ = init_close(rawValue)
    }

    func status() throws(SetupFailure) -> init_status {
        var status = init_status()
        try check(init_stat(rawValue, &status))
        return status
    }
}

extension init_status {
    var isDirectory: Bool { mode & 0o170000 == 0o040000 }
    var isSymbolicLink: Bool { mode & 0o170000 == 0o120000 }

    /// Whether this is the device that swallows everything.
    var isNullDevice: Bool { mode & 0o170000 == 0o020000 && device_major == 1 && device_minor == 3 }

    func isSameFile(as other: init_status) -> Bool {
        device == other.device && inode == other.inode
    }
}
