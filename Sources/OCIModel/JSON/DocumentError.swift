/// Why a JSON document is refused.
package enum DocumentError: Error, Equatable, Sendable {
    /// The document has more bytes than allowed.
    case tooLarge(limit: Int)

    /// Arrays and objects are nested deeper than allowed.
    case tooDeep(limit: Int)

    /// Two members of an object have the same name, or names that Unicode holds for the same.
    case duplicateKey(String)

    /// The bytes from this offset on are not JSON.
    case malformed(offset: Int)

    /// A member that is required is missing; the path is written with dots.
    case missing(String)

    /// A member has a value that it must not have.
    case invalid(String, String)

    /// The document has members of two kinds of documents, so that readers could disagree.
    case ambiguous(String, String)
    case wrongMediaType(MediaType, expected: MediaType)
    case unknownSchemaVersion(Int)

    /// A value cannot be written as JSON.
    case notEncodable(String)
}

extension DocumentError: CustomStringConvertible {
    /// The reason in one line.
    package var description: String {
        switch self {
        case .tooLarge(let limit): "the document is larger than \(limit) bytes"
        case .tooDeep(let limit): "the document is nested deeper than \(limit) levels"
        case .duplicateKey(let key): "the member `\(key)` is there twice"
        case .malformed(let offset): "the document is not JSON at byte \(offset)"
        case .missing(let path): "the member `\(path)` is missing"
        case .invalid(let path, let reason): path.isEmpty ? reason : "the member `\(path)` is wrong: \(reason)"
        case .ambiguous(let first, let second): "the document has both `\(first)` and `\(second)`"
        case .wrongMediaType(let found, let expected): "the media type is `\(found)`, not `\(expected)`"
        case .unknownSchemaVersion(let version): "the schema version is `\(version)`, not `2`"
        case .notEncodable(let reason): "the value cannot be written: \(reason)"
        }
    }
}
