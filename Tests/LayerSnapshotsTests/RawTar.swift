import ByteStrings
import FileModel

/// Archives as nobody should write them.
struct RawTar {
    private(set) var bytes: [UInt8] = []

    /// Appends a member in the plain format; `type` is the letter of its kind.
    mutating func add(
        _ name: String,
        type: Character = "0",
        link: String = "",
        mode: Int = 0o644,
        content: String = "",
        device: (Int, Int) = (0, 0)
    ) {
        var header = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, at offset: Int, count: Int) {
            for (index, byte) in text.utf8.prefix(count).enumerated() { header[offset + index] = byte }
        }
        func octal(_ number: Int, at offset: Int, count: Int) {
            let digits = String(number, radix: 8)
            put(String(repeating: "0", count: count - 1 - digits.count) + digits, at: offset, count: count)
        }
        put(name, at: 0, count: 100)
        octal(mode, at: 100, count: 8)
        octal(0, at: 108, count: 8)
        octal(0, at: 116, count: 8)
        octal(content.utf8.count, at: 124, count: 12)
        octal(5, at: 136, count: 12)
        put(String(type), at: 156, count: 1)
        put(link, at: 157, count: 100)
        put("ustar\u{0}00", at: 257, count: 8)
        octal(device.0, at: 329, count: 8)
        octal(device.1, at: 337, count: 8)
        put("        ", at: 148, count: 8)
        let sum = header.reduce(0) { $0 + Int($1) }
        octal(sum, at: 148, count: 7)
        header[154] = 0
        header[155] = UInt8(ascii: " ")
        bytes += header + Array(content.utf8)
        bytes += [UInt8](repeating: 0, count: (512 - content.utf8.count % 512) % 512)
    }

    /// The archive with its two empty blocks.
    var finished: [UInt8] { bytes + [UInt8](repeating: 0, count: 1024) }
}
