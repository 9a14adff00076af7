import ByteStrings

/// The options of an overlay as one text, for kernels that take folders in no other way.
///
/// Source: `Documentation/filesystems/overlayfs.rst` in the kernel tree, "Multiple lower layers".
enum OverlayOptionText {
    /// What `mount(2)` reads of its options: a page less the NUL.
    private static let limit = 4095

    /// The texts in the order in which to try them; none when they would be cut off.
    ///
    /// Kernels before Linux 5.10 refuse a text that has `volatile` in it, and then flush more than is needed.
    static func texts(of overlay: SetupOperation.Overlay) -> [ByteString] {
        var older = overlay
        older.options.removeAll { $0 == SetupOperation.Overlay.unflushed }
        return (older == overlay ? [overlay] : [overlay, older]).compactMap { text(of: $0) }
    }

    /// The text, or nil when it would be cut off.
    static func text(of overlay: SetupOperation.Overlay) -> ByteString? {
        var text = Array("lowerdir=".utf8)
        for (index, lower) in overlay.lowers.enumerated() {
            if index > 0 { text.append(colon) }
            append(lower, to: &text, escapingColons: true)
            // Stacks are high, and this is done for every container.
            if text.count > limit { return nil }
        }
        if !overlay.upper.isEmpty {
            text += ",upperdir=".utf8
            append(overlay.upper, to: &text, escapingColons: false)
            text += ",workdir=".utf8
            append(overlay.work, to: &text, escapingColons: false)
        }
        for option in overlay.options {
            text.append(comma)
            text += option.key.bytes
            if !option.value.isEmpty {
                text.append(equals)
                text += option.value.bytes
            }
        }
        return text.count <= limit ? ByteString(text) : nil
    }

    private static let (backslash, comma) = (UInt8(ascii: "\\"), UInt8(ascii: ","))
    private static let (colon, equals) = (UInt8(ascii: ":"), UInt8(ascii: "="))

    private static func append(_ path: ByteString, to text: inout [UInt8], escapingColons: Bool) {
        for byte in path.bytes {
            let isSpecial = byte == backslash || byte == comma || (byte == colon && escapingColons)
            if isSpecial { text.append(backslash) }
            text.append(byte)
        }
    }
}
