import ArgumentParser
import ByteStrings
import DeviceModel

/// Reads the values of `--allow` that are about devices.
enum DeviceGrantParser {
    /// Whether a value of `--allow` is about devices.
    static func isGrant(_ text: String) -> Bool {
        text == "device" || text.hasPrefix("device=")
    }

    /// Reads `device` or `device=NAME[,alias=OTHER]`.
    static func parse(_ text: String) throws -> DeviceGrant {
        if text == "device" { return .all }
        let fields = FieldList.parse(String(text.dropFirst("device=".count)))
        guard let first = fields.first else { throw malformed(text) }
        // A name of a device has a `=` of its own.
        let name = first.value.map { "\(first.key)=\($0)" } ?? first.key
        guard let selector = DeviceSelector(ByteString(name)) else {
            throw ValidationError(
                """
                --allow \(text): `\(name)` is no name of a device: it takes vendor.com/class=name, vendor.com/class=*, \
                vendor.com/class or a class
                """
            )
        }
        guard fields.count > 1 else { return .selected(selector) }
        guard fields.count == 2, fields[1].key == "alias", let alias = fields[1].value, !alias.isEmpty else {
            throw malformed(text)
        }
        return .alias(ByteString(alias), of: selector)
    }

    private static func malformed(_ text: String) -> ValidationError {
        ValidationError("--allow \(text): it takes device or device=NAME[,alias=OTHER]")
    }
}
