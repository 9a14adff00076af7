package import ByteStrings
import SourceDiagnostics

/// Why the value of a `--device` flag is refused.
package enum RunDeviceError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The text is no list of comma-separated fields: what is wrong with it.
    case malformed(String)

    /// A field behind the name without `=value`.
    case missingValue(ByteString)

    /// A key that no device has, in the field given.
    case unknownKey(ByteString, field: ByteString)
    case invalidValue(key: String, value: ByteString)
    case secondName(ByteString, first: ByteString)
    case nameless

    /// The reason, for people.
    package var description: String {
        switch self {
        case .malformed(let reason): "failed to parse csv devices: \(reason)"
        case .missingValue(let field): "invalid field `\(field)` must be a key=value pair"
        case .unknownKey(let key, let field): "unexpected key `\(key)` in `\(field)`"
        case .invalidValue(let key, let value): "invalid value for \(key): `\(value)`"
        case .secondName(let name, let first): "`\(name)` is a second name beside `\(first)`"
        case .nameless: "the name of a device is missing"
        }
    }

    /// What to do about it, or nil.
    package var hint: String? {
        switch self {
        case .unknownKey(let key, _), .missingValue(let key):
            Suggestion.closest(to: key.description.lowercased(), among: RunDevice.keys)
                .map { "did you mean `\($0)`?" } ?? "write --device=NAME[,required]"
        case .malformed, .nameless: "write --device=NAME[,required]"
        case .secondName: "give each device a --device of its own"
        case .invalidValue: "it is true or false"
        }
    }
}
