package import ByteStrings
package import SystemPackage

/// A system call that failed: what was attempted, on what, and why it did not work.
package struct SystemError: Error, Hashable, Sendable {
    /// What was attempted, as a verb and its object: `open`, `make the directory`.
    package var operation: String

    /// What the kernel answered.
    package var errno: Errno

    /// The path or name it was about; nil when a descriptor says it all.
    package var path: ByteString?

    package init(operation: String, errno: Errno, path: ByteString? = nil) {
        self.operation = operation
        self.errno = errno
        self.path = path
    }
}

extension SystemError: CustomStringConvertible {
    /// One line for people, without a final full stop; control bytes of the path are shown as `\xNN`.
    package var description: String {
        let object = path.map { " `\(Self.visible($0))`" } ?? ""
        return "cannot \(operation)\(object): \(Self.reason(errno))"
    }

    /// The kernel's word for the error number, in lower case.
    package var reason: String {
        Self.reason(errno)
    }

    private static func reason(_ errno: Errno) -> String {
        let text = errno.description
        guard let first = text.first, text.dropFirst().first?.isUppercase != true else { return text }
        return first.lowercased() + text.dropFirst()
    }

    private static func visible(_ path: ByteString) -> String {
        var shown: [UInt8] = []
        for byte in path {
            if byte >= 0x20 && byte != 0x7f {
                shown.append(byte)
            } else {
                shown += Array("\\x\(byte < 16 ? "0" : "")\(String(byte, radix: 16))".utf8)
            }
        }
        return ByteString(shown).description
    }
}
