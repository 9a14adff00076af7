package import ByteStrings
import SourceDiagnostics

/// Why the value of a `--mount` flag is refused.
package enum RunMountError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The text is no list of comma-separated fields: what is wrong with it.
    case malformed(String)
    case unknownType(ByteString)
    /// A key that no mount has, in the field given.
    case unknownKey(ByteString, field: ByteString)
    /// A key without `=value` that needs one.
    case missingValue(ByteString)
    case invalidValue(key: ByteString, value: ByteString)
    /// A key that mounts of this type do not have.
    case unexpectedKey(ByteString, RunMountType)
    /// `from=` with a variable.
    case variableInFrom
    case unknownSharing(ByteString)
    /// A secret without `id`, `source` and `target`.
    case namelessSecret
    /// A secret with both `id` and `source`.
    case secretNamedTwice
    case expansion(ExpansionError)

    /// The reason, for people.
    package var description: String {
        switch self {
        case .malformed(let reason): "failed to parse csv mounts: \(reason)"
        case .unknownType(let type): "unsupported mount type `\(type)`"
        case .unknownKey(let key, let field): "unexpected key `\(key)` in `\(field)`"
        case .missingValue(let field): "invalid field `\(field)` must be a key=value pair"
        case .invalidValue(let key, let value): "invalid value for \(key): `\(value)`"
        case .unexpectedKey(let key, let type): "unexpected key `\(key)` for mount type `\(type.rawValue)`"
        case .variableInFrom: "`from` doesn't support variable expansion, define alias stage instead"
        case .unknownSharing(let value): "unsupported sharing value `\(value)`"
        case .namelessSecret: "invalid secret mount: one of id, source, target is required"
        case .secretNamedTwice: "invalid secret mount: both source and id can't be set"
        case .expansion(let error): error.description
        }
    }

    /// What to do about it, or nil.
    package var hint: String? {
        switch self {
        case .unknownType(let type):
            Self.suggestion(type, among: RunMountType.allCases.map(\.rawValue))
                ?? "a mount is a bind, cache, tmpfs, secret or ssh"
        case .unknownKey(let key, _): Self.suggestion(key, among: RunMount.keys)
        case .unknownSharing(let value):
            Self.suggestion(value, among: RunMountSharing.allCases.map(\.rawValue))
                ?? "sharing is shared, private or locked"
        case .variableInFrom: "give the image a name: `FROM image:$TAG AS name`, then `from=name`"
        case .expansion, .invalidValue, .malformed, .missingValue, .namelessSecret, .secretNamedTwice, .unexpectedKey:
            nil
        }
    }

    private static func suggestion(_ word: ByteString, among words: [String]) -> String? {
        Suggestion.closest(to: word.description.lowercased(), among: words).map { "did you mean `\($0)`?" }
    }
}
