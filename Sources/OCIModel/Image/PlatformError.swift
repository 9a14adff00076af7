/// Why a text is not a platform.
package enum PlatformError: Error, Equatable, Sendable {
    /// There is nothing, or an empty part.
    case empty(String)

    /// There are more parts than `os/architecture/variant`.
    case tooManyParts(String)

    /// A part has a character other than a letter, a digit, `_`, `.` and `-`.
    case badPart(String)

    /// A single word is neither an operating system nor an architecture that we know.
    case unknownWord(String)
}

extension PlatformError: CustomStringConvertible {
    /// The reason in one line.
    package var description: String {
        switch self {
        case .empty(let text): "platform `\(text)` has an empty part"
        case .tooManyParts(let text): "platform `\(text)` has more parts than os/architecture/variant"
        case .badPart(let part): "`\(part)` is not a part of a platform"
        case .unknownWord(let word): "`\(word)` is neither an operating system nor an architecture"
        }
    }
}
