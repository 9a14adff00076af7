package import ByteStrings

/// Why a word cannot be expanded.
package enum ExpansionError: Error, Hashable, Sendable, CustomStringConvertible {
    /// `${}`, `${:x}` and their like.
    case badSubstitution
    /// `${name` without its end.
    case missingBrace
    /// `${name/pattern` without a second slash.
    case missingSlash
    /// A modifier that does not exist, such as `:=`.
    case unsupportedModifier(ByteString)
    /// `${name:?message}` of a variable that is not set, or empty; the message is the Dockerfile's own.
    case required(name: ByteString, message: ByteString)
    /// A quote without its end: the quote character.
    case unmatchedQuote(UInt8)
    /// A pattern that cannot be matched.
    case invalidPattern(ByteString)
    /// Substitutions inside one another, too many of them.
    case tooDeep
    /// A result, or the work for it, beyond all reason.
    case tooLong

    /// The reason, for people.
    package var description: String {
        switch self {
        case .badSubstitution: "syntax error: bad substitution"
        case .missingBrace: "syntax error: missing `}` in substitution"
        case .missingSlash: "syntax error: missing `/` in substitution"
        case .unsupportedModifier(let modifier): "unsupported modifier `\(modifier)` in substitution"
        case .required(let name, let message): "\(name): \(message)"
        case .unmatchedQuote(let quote):
            "unexpected end of statement while looking for matching "
                + (quote == UInt8(ascii: "'") ? "single-quote" : "double-quote")
        case .invalidPattern(let pattern): "invalid pattern `\(pattern)` in substitution"
        case .tooDeep: "substitutions are nested too deeply"
        case .tooLong: "the expanded text is too long"
        }
    }
}
