package import ByteStrings

/// The full name of one device: `vendor.com/gpu=0`.
///
/// Source: Container Device Interface 1.1.0, "CDI Devices".
package struct DeviceName: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let kind: DeviceKind

    /// What stands behind `=`.
    package let name: ByteString

    /// Nil for a name that no device may have.
    package init?(_ kind: DeviceKind, _ name: ByteString) {
        guard Self.isName(name) else { return nil }
        self.kind = kind
        self.name = name
    }

    /// The whole of it, as it is written.
    package var text: ByteString {
        ByteString(kind.text.bytes + [UInt8(ascii: "=")] + name.bytes)
    }

    package var description: String { text.description }

    /// By the bytes of the text.
    package static func < (left: DeviceName, right: DeviceName) -> Bool {
        left.text < right.text
    }

    /// Whether a text starts and ends with a letter or digit, and has those and `.`, `-`, `_`, `:` between.
    static func isName(_ text: ByteString) -> Bool {
        guard let first = text.bytes.first, let last = text.bytes.last, text.count <= longest else { return false }
        return first.isLetterOrDigit && last.isLetterOrDigit
            && text.bytes.allSatisfy { $0.isLetterOrDigit || $0.joinsNames || $0 == UInt8(ascii: ":") }
    }

    /// No specification says how long a name may be.
    private static let longest = 253
}
