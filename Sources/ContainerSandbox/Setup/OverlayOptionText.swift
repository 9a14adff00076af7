import ByteStrings

/// The options of an overlay as one text, for kernels that take folders in no other way.
///
/// Source: `Documentation/filesystems/overlayfs.rst` in the kernel tree, "Multiple lower layers".
enum OverlayOptionText {
    /// What `mount(2)` reads of its options: a page less the NUL.
    private static let limit = 4095

    /// The text, or nil when it would be cut off.
    static func text(of overlay: SetupOperation.Overlay) -> ByteString? {
        let lowers = overlay.lowers.map { escaped($0, also: ":") }.joined(separator: ":".utf8)
        var text = Array("lowerdir=".utf8) + lowers
        if !overlay.upper.isEmpty {
            text += Array(",upperdir=".utf8) + escaped(overlay.upper, also: "")
            text += Array(",workdir=".utf8) + escaped(overlay.work, also: "")
        }
        for option in overlay.options {
            text += Array(",".utf8) + option.key.bytes
            if !option.value.isEmpty { text += Array("=".utf8) + option.value.bytes }
        }
        return text.count <= limit ? ByteString(text) : nil
    }

    private static func escaped(_ path: ByteString, also separator: String) -> [UInt8] {
        let special = Array("\\,\(separator)".utf8)
        return path.bytes.flatMap { special.contains($0) ? [UInt8(ascii: "\\"), $0] : [$0] }
    }
}
