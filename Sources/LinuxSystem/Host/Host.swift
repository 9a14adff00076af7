package import ByteStrings
import CLinuxSystem
import Glibc
import SystemPackage

/// The machine this process runs on, and what the process was started with.
package enum Host {
    /// A text that is new with every start of the kernel.
    ///
    /// Source: `proc_sys_kernel(5)`, `random/boot_id`. Throws where `/proc` is missing.
    package static func bootID() throws(SystemError) -> String {
        let file = try OwnedDescriptor.openFile("/proc/sys/kernel/random/boot_id", .readOnly)
        let text = ByteString(try file.readAll(limit: 256).prefix { $0 > 0x20 })
        return text.description
    }

    package static var processID: Int32 { getpid() }
    package static var effectiveUserID: UInt32 { geteuid() }
    package static var effectiveGroupID: UInt32 { getegid() }

    /// Whether the capability of this number counts for this process, in the user namespace it is in.
    ///
    /// Source: `capabilities(7)`, `linux/capability.h`.
    package static func hasCapability(_ number: UInt32) -> Bool {
        slipway_has_capability(number) == 1
    }

    /// Whether this process may write a file of the host, or make files in a folder; false when it is not there.
    package static func mayWrite(_ hostPath: ByteString) -> Bool {
        hostPath.withTerminated { faccessat(AT_FDCWD, $0, W_OK, AT_EACCESS) } == 0
    }

    /// The variables of this process, at the moment of the call; of two with one name, the first.
    package static var environment: [ByteString: ByteString] {
        var variables: [ByteString: ByteString] = [:]
        guard let list = slipway_environment() else { return variables }
        var position = 0
        while let entry = list[position] {
            position += 1
            let text = UnsafeRawBufferPointer(start: entry, count: strlen(entry))
            guard let equals = text.firstIndex(of: UInt8(ascii: "=")) else { continue }
            let name = ByteString(text[..<equals])
            if variables[name] == nil { variables[name] = ByteString(text[(equals + 1)...]) }
        }
        return variables
    }

    /// The absolute path of the working directory.
    ///
    /// Throws `ENOENT` when it has been removed or lies outside the root.
    package static func currentDirectory() throws(SystemError) -> ByteString {
        guard let path = getcwd(nil, 0) else { throw lastError("read the working directory") }
        defer { free(path) }
        let bytes = ByteString(UnsafeRawBufferPointer(start: path, count: strlen(path)))
        guard bytes.isAbsolutePath else {
            throw SystemError(operation: "read the working directory", errno: .noSuchFileOrDirectory, path: bytes)
        }
        return bytes
    }

    /// How many processors this process may use, at least 1.
    package static var processorCount: Int {
        max(1, Int(slipway_processor_count()))
    }

    package static var hostName: ByteString { uname.host }

    /// The kernel's word for the processor, such as `x86_64`.
    package static var machine: ByteString { uname.machine }

    /// Such as `6.8.0`.
    package static var kernelRelease: ByteString { uname.release }

    package static func isTerminal(_ descriptor: CInt) -> Bool {
        isatty(descriptor) == 1
    }

    /// Columns and rows of the terminal behind a descriptor; nil when there is none, or it does not say.
    package static func terminalSize(_ descriptor: CInt) -> (columns: Int, rows: Int)? {
        var (columns, rows): (CInt, CInt) = (0, 0)
        guard slipway_terminal_size(descriptor, &columns, &rows) == 0, columns > 0 else { return nil }
        return (Int(columns), Int(rows))
    }

    /// Which permission bits new files never get; sets it and gives the former one.
    ///
    /// One value for the whole process: call it once, before there are threads.
    @discardableResult
    package static func setFileCreationMask(_ mask: UInt16) -> UInt16 {
        UInt16(truncatingIfNeeded: umask(mode_t(mask & 0o777)))
    }

    /// No core file is written for this process, and nobody of the same user may trace it.
    package static func forbidTracing() {
        _ = slipway_forbid_tracing()
    }

    private static var uname: (host: ByteString, machine: ByteString, release: ByteString) {
        var names = utsname()
        guard Glibc.uname(&names) == 0 else { return ("localhost", "", "") }
        return (text(names.nodename), text(names.machine), text(names.release))
    }

    /// The bytes of a C array of characters up to its NUL.
    private static func text<Characters>(_ characters: Characters) -> ByteString {
        withUnsafeBytes(of: characters) { ByteString($0.prefix { $0 != 0 }) }
    }
}
