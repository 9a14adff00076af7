package import ByteStrings

/// What devices of one vendor are for: `vendor.com/gpu`.
///
/// Source: Container Device Interface 1.1.0, "Kind".
package struct DeviceKind: Hashable, Sendable, CustomStringConvertible {
    package let text: ByteString

    /// Nil for what is no vendor and class with a slash between.
    package init?(_ text: ByteString) {
        let parts = text.bytes.split(separator: ByteString.slash, maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, text.count <= Self.longest, parts.allSatisfy(Self.isName) else { return nil }
        self.text = text
    }

    /// A vendor has at most 253 bytes and a class 63.
    private static let longest = 253 + 1 + 63

    /// Whether the bytes start with a letter, end with a letter or digit, and have those and `.`, `-`, `_` between.
    private static func isName(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let first = bytes.first, let last = bytes.last else { return false }
        return first.isLetter && last.isLetterOrDigit && bytes.allSatisfy { $0.isLetterOrDigit || $0.joinsNames }
    }

    package var description: String { text.description }
}

extension UInt8 {
    var isLetter: Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20)
    }

    var isLetterOrDigit: Bool {
        isLetter || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self)
    }

    /// `.`, `-` and `_`.
    var joinsNames: Bool {
        self == UInt8(ascii: ".") || self == UInt8(ascii: "-") || self == UInt8(ascii: "_")
    }
}
