import CLinuxSystem
import SystemPackage

/// Random bytes that nobody can guess.
package enum RandomBytes {
    /// `count` bytes.
    ///
    /// Source: `getrandom(2)`.
    package static func bytes(count: Int) throws(SystemError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            filled += try systemCall("get random bytes") {
                bytes.withUnsafeMutableBytes { slipway_getrandom($0.baseAddress.map { $0 + filled }, count - filled) }
            }
        }
        return bytes
    }

    /// `count` bytes as twice as many lower-case hexadecimal digits.
    package static func hex(count: Int) throws(SystemError) -> String {
        let digits = Array("0123456789abcdef".utf8)
        let text = try bytes(count: count).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return String(decoding: text, as: UTF8.self)
    }
}
