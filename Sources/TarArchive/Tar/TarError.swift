package import ByteStrings

/// Why a tar cannot be written.
package enum TarError: Error, Equatable, Sendable {
    /// The path is absolute, ends in a slash, is empty or has a zero byte.
    case badPath(ByteString)

    /// The target of a link is empty or has a zero byte.
    case badLinkTarget(ByteString)

    /// The format has no place for the value of this field.
    case unrepresentable(ByteString, field: String)

    /// The content given for an entry is shorter than its size, by so many bytes.
    case contentMissing(ByteString, UInt64)

    /// More content is given than the entry's size.
    case contentTooLong(ByteString)

    /// The archive has been finished already.
    case finished
}

extension TarError: CustomStringConvertible {
    /// The reason in one line.
    package var description: String {
        switch self {
        case .badPath(let path): "`\(path)` cannot be the path of a tar entry"
        case .badLinkTarget(let path): "the link `\(path)` has a target that a tar cannot hold"
        case .unrepresentable(let path, let field): "a tar cannot hold the \(field) of `\(path)`"
        case .contentMissing(let path, let count): "`\(path)` ended \(count) bytes early"
        case .contentTooLong(let path): "`\(path)` has more bytes than announced"
        case .finished: "the tar is finished already"
        }
    }
}
