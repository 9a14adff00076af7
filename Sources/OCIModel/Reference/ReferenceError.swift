/// Why a text is not the name of an image.
package enum ReferenceError: Error, Equatable, Sendable {
    case empty

    /// The name is longer than 255 bytes without tag and digest.
    case tooLong(Int)
    case badDomain(String)
    case badRepository(String)
    case upperCaseRepository(String)
    case badTag(String)
    case badDigest(DigestError)

    /// Sixty-four hexadecimal digits, which could be meant as the identifier of an image.
    case looksLikeIdentifier(String)
}

extension ReferenceError: CustomStringConvertible {
    /// The reason in one line.
    package var description: String {
        switch self {
        case .empty: "an image name is empty"
        case .tooLong(let count): "an image name of \(count) bytes is longer than 255"
        case .badDomain(let domain): "`\(domain)` is not the address of a registry"
        case .badRepository(let path): "`\(path)` is not the name of a repository"
        case .upperCaseRepository(let path): "repository name `\(path)` must be lower case"
        case .badTag(let tag): "`\(tag)` is not a tag"
        case .badDigest(let error): error.description
        case .looksLikeIdentifier(let text): "`\(text)` is an identifier of an image and cannot be its name"
        }
    }
}
