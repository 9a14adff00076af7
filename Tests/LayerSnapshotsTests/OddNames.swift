import ByteStrings
import TestSupport

/// File names that few expect.
enum OddNames {
    private static let chosen: [ByteString] = [
        "-rf", "--", " ", "\n", "a\nb", "\u{E9}", "e\u{301}", "E\u{301}", "README", "readme", "*", "?", "[", "\\",
        "~", "a:b", "%2f", "\u{202E}x", "...", "..x", "\r\n", "\t",
    ]

    /// Names of up to 255 bytes, valid as text or not, none of which stands for a deletion.
    static func make(count: Int, seed: UInt64) -> Set<ByteString> {
        var names = Set(chosen)
        names.insert(ByteString([UInt8](repeating: 0xFF, count: 255)))
        var random = SeededGenerator(seed: seed)
        while names.count < count {
            let bytes = (0..<Int.random(in: 1...200, using: &random)).map { _ in
                UInt8.random(in: 1...255, using: &random)
            }
            let name = ByteString(bytes.map { $0 == ByteString.slash ? 0x30 : $0 })
            if !name.hasPrefix(".wh."), name != ".", name != ".." { names.insert(name) }
        }
        return names
    }
}
