package import ByteStrings

/// Why what a COPY, ADD or mount names cannot be read from a tree.
package enum ContextError: Error, Hashable, Sendable {
    /// Nothing is at the path that a source names, as it is written but cleaned.
    ///
    /// `nearest` is an existing path spelled much like it; `hiddenBy` the line of the ignore file that hides the file
    /// that is there nevertheless.
    case notFound(path: ByteString, nearest: ByteString?, hiddenBy: IgnoreRule?)

    /// A pattern with an open bracket, an empty set or a backslash at the end; the rule when it is one of an ignore file.
    case badPattern(ByteString, IgnoreRule?)

    /// An exception that is a lone `!`; the rule when it is one of an ignore file.
    case emptyException(IgnoreRule?)

    /// An ignore file of more than `limit` bytes.
    case ignoreFileTooLarge(ByteString, limit: Int)

    /// An ignore file that is no regular file, or a link to none inside its folder.
    case ignoreFileUnreadable(ByteString)

    /// More symbolic links on the way than the system follows.
    case tooManyLinks(ByteString)

    /// The file was written, replaced or removed while the build read it.
    case changedDuringBuild(ByteString)

    /// A directory of one source has the destination of a file of an earlier one; empty is that of the whole copy.
    case directoryOntoFile(ByteString)

    /// A file of one source has the destination of a directory of an earlier one.
    case fileOntoDirectory(ByteString)

    /// The path is there, but is no directory.
    case notDirectory(ByteString)

    /// The path is there, but is no symbolic link.
    case notLink(ByteString)

    /// The path is there, but is no regular file.
    case notRegularFile(ByteString)

    /// A file of more than `limit` bytes that is to be read whole.
    case fileTooLarge(ByteString, limit: Int)

    /// A member of an archive that would make something else of the root directory.
    case replacesRoot(ByteString)

    /// A hard link to something that the archive did not bring before.
    case missingLinkTarget(ByteString, target: ByteString)

    /// A member that is the device 0:0, which overlay file systems take for a deletion.
    case forgedWhiteout(ByteString)

    /// A file name of more than 255 bytes.
    case nameTooLong(ByteString)
}

extension ContextError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notFound(let path, let nearest, let hiddenBy):
            let hint =
                if let hiddenBy {
                    ": line \(hiddenBy.line) of `\(hiddenBy.file)` ignores it (`\(hiddenBy.text)`)"
                } else if let nearest {
                    ", did you mean `\(nearest)`?"
                } else {
                    ""
                }
            return "`\(path)` was not found" + hint
        case .badPattern(let pattern, let rule):
            return "`\(pattern)` is not a valid pattern" + Self.place(rule)
        case .emptyException(let rule):
            return "`!` alone is not a valid pattern" + Self.place(rule)
        case .ignoreFileTooLarge(let path, let limit):
            return "`\(path)` is larger than \(limit) bytes"
        case .ignoreFileUnreadable(let path):
            return "`\(path)` is not a regular file inside its folder"
        case .tooManyLinks(let path):
            return "too many symbolic links on the way to `\(path)`"
        case .changedDuringBuild(let path):
            return "`\(path)` changed while the build was reading it"
        case .directoryOntoFile(let path):
            let place = path.isEmpty ? "the destination" : "`\(path)`"
            return "cannot copy a directory to \(place), which is not a directory"
        case .fileOntoDirectory(let path):
            return "cannot replace the directory `\(path)` with a file"
        case .notDirectory(let path):
            return "`\(path)` is not a directory"
        case .notLink(let path):
            return "`\(path)` is not a symbolic link"
        case .notRegularFile(let path):
            return "`\(path)` is not a regular file"
        case .fileTooLarge(let path, let limit):
            return "`\(path)` is larger than \(limit) bytes"
        case .replacesRoot(let member):
            return "the archive's member `\(member)` would replace the root directory"
        case .missingLinkTarget(let member, let target):
            return "the archive's member `\(member)` is a hard link to `\(target)`, which is not there"
        case .forgedWhiteout(let member):
            return "the archive's member `\(member)` is the device 0:0"
        case .nameTooLong(let name):
            return "file name too long: `\(name)`"
        }
    }

    private static func place(_ rule: IgnoreRule?) -> String {
        rule.map { " (line \($0.line) of `\($0.file)`)" } ?? ""
    }
}
