package import ByteStrings

/// What one `--device` flag of a `RUN` asks for.
///
/// Source: Dockerfile reference, "RUN --device".
package struct RunDevice: Hashable, Sendable {
    /// Whatever it is the host knows the device by; never empty.
    package var name: ByteString = ""

    /// Whether the build fails where the host has no such device.
    package var isRequired = false

    static let keys = ["name", "required"]

    /// Reads the value of a flag, in which no variable is replaced.
    package init(parsing text: ByteString) throws(RunDeviceError) {
        let fields: [ByteString]
        do { fields = try CommaSeparatedFields.split(text) } catch {
            guard case .malformed(let reason) = error else { throw .malformed("\(error)") }
            throw .malformed(reason)
        }
        for field in fields {
            guard let equals = field.firstIndex(of: UInt8(ascii: "=")) else {
                try set(field)
                continue
            }
            let key = ByteString(field[..<equals]).description.lowercased()
            try set(key, ByteString(field[(equals + 1)...]), field)
        }
        if name.isEmpty { throw .nameless }
    }

    private mutating func set(_ field: ByteString) throws(RunDeviceError) {
        if field.description.lowercased() == "required" {
            isRequired = true
        } else {
            guard name.isEmpty else { throw .missingValue(field) }
            name = field
        }
    }

    private mutating func set(_ key: String, _ value: ByteString, _ field: ByteString) throws(RunDeviceError) {
        switch key {
        case "name":
            guard name.isEmpty else { throw .secondName(value, first: name) }
            name = value
        case "required":
            guard let required = GoLiteral.boolean(value) else { throw .invalidValue(key: key, value: value) }
            isRequired = required
        default:
            // A name of a device has a `=` of its own.
            guard name.isEmpty else { throw .unknownKey(ByteString(key), field: field) }
            name = field
        }
    }
}
