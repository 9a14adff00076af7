package import ByteStrings

/// Why the text of `USER` names no user.
package enum UserLookupError: Error, Hashable, Sendable {
    /// A number that is no user or group ID; the largest, 4294967295, stands for "none" in the kernel.
    case numberOutOfRange(ByteString)

    /// No such name in `/etc/passwd`.
    case unknownUser(ByteString)

    /// No such name in `/etc/group`.
    case unknownGroup(ByteString)

    /// More groups than a process can have.
    case tooManyGroups(ByteString, count: Int)
}

extension UserLookupError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .numberOutOfRange(let text): "`\(text)` is not a user or group number"
        case .unknownUser(let name): "no user `\(name)` in `/etc/passwd` of the image"
        case .unknownGroup(let name): "no group `\(name)` in `/etc/group` of the image"
        case .tooManyGroups(let name, let count): "`\(name)` is in \(count) groups, more than a process can have"
        }
    }
}
