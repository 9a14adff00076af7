/// Why a text is not a digest.
package enum DigestError: Error, Equatable, Sendable {
    /// There is no colon after an algorithm.
    case noAlgorithm(String)
    case unknownAlgorithm(String)

    /// The part after the colon has another length, or other characters than `0`–`9` and `a`–`f`.
    case badHex(String, expectedCount: Int)
}

extension DigestError: CustomStringConvertible {
    /// The reason in one line, without the digest's place.
    package var description: String {
        switch self {
        case .noAlgorithm(let text): "`\(text)` is not a digest: the algorithm is missing"
        case .unknownAlgorithm(let name): "digest algorithm `\(name)` is neither sha256 nor sha512"
        case .badHex(let hex, let count): "`\(hex)` is not a hash of \(count) lower-case hexadecimal digits"
        }
    }
}
