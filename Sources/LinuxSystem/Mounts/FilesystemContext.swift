import ByteStrings
import CLinuxSystem
import SystemPackage

/// A file system that is being configured, before it is mounted.
///
/// Source: `fsopen(2)`, `fsconfig(2)`.
struct FilesystemContext: ~Copyable {
    private let type: String
    private let context: OwnedDescriptor

    init(_ type: String) throws(SystemError) {
        self.type = type
        context = OwnedDescriptor(
            adopting: try systemCall("configure the file system", path: ByteString(type)) { slipway_fsopen($0) }
        )
    }

    borrowing func set(_ key: ByteString, _ value: ByteString) throws(SystemError) {
        let descriptor = context.rawValue
        try explained("set `\(key)` of the file system `\(type)` to") { () throws(SystemError) in
            _ = try systemCall("set", path: value) { value in
                key.withTerminated { slipway_fsconfig_string(descriptor, $0, value) }
            }
        }
    }

    borrowing func set(_ flag: ByteString) throws(SystemError) {
        let descriptor = context.rawValue
        try explained("set a flag of the file system `\(type)`") { () throws(SystemError) in
            _ = try systemCall("set", path: flag) { slipway_fsconfig_flag(descriptor, $0) }
        }
    }

    borrowing func mount(_ attributes: MountAttributes) throws(SystemError) -> OwnedDescriptor {
        let descriptor = context.rawValue
        try explained("make the file system `\(type)`") { () throws(SystemError) in
            _ = try systemCall("make") { slipway_fsconfig_create(descriptor) }
        }
        return OwnedDescriptor(
            adopting: try systemCall("mount the file system `\(type)`") {
                slipway_fsmount(descriptor, attributes.rawValue)
            }
        )
    }

    /// Adds what the kernel has to say to an error.
    private borrowing func explained(
        _ operation: String,
        _ call: () throws(SystemError) -> Void
    ) throws(SystemError) {
        do {
            try call()
        } catch {
            let said = messages()
            let operation = said.isEmpty ? operation : "\(operation) (\(said))"
            throw SystemError(operation: operation, errno: error.errno, path: error.path)
        }
    }

    /// The file system's messages: one for each read, a letter and a space first.
    private borrowing func messages() -> String {
        var messages: [String] = []
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1024, alignment: 1)
        defer { buffer.deallocate() }
        while messages.count < 8, let count = try? context.read(into: buffer), count > 2 {
            let text = ByteString(buffer[2..<count].filter { $0 >= 0x20 && $0 != 0x7f })
            messages.append(text.description)
        }
        return messages.joined(separator: "; ")
    }
}
