package import ByteStrings
package import OCIModel

/// Why a layer cannot be written, read or unpacked.
package enum LayerError: Error, Hashable, Sendable {
    /// The bytes of a file are wanted that is in a layer which has no tree yet; its place in the view, the lowest one 0.
    case needsTree(layer: Int)

    /// A name that starts with `.wh.`, which layers keep for deletions.
    case reservedName(ByteString)

    /// The file was written, replaced or removed while the build read it.
    case changedDuringBuild(ByteString)

    /// The path is there, but is no directory.
    case notDirectory(ByteString)

    /// The destination of a directory is there, and is no directory.
    case directoryOntoFile(ByteString)

    /// The destination of a file is a directory.
    case fileOntoDirectory(ByteString)

    /// More symbolic links on the way than the system follows.
    case tooManyLinks(ByteString)

    /// Nothing is at the path.
    case notFound(ByteString)

    /// A member of an archive that would make something else of the root directory, or delete it.
    case replacesRoot(ByteString)

    /// A deletion that names no entry of its directory.
    case invalidWhiteout(ByteString)

    /// A device 0:0, which overlay file systems take for a deletion.
    case forgedWhiteout(ByteString)

    /// A hard link to something that the archive did not bring before.
    case missingLinkTarget(ByteString, target: ByteString)

    /// The bytes of the layer are not the ones that its image names.
    case diffIDMismatch(expected: DiffID, actual: DiffID)

    /// A file name of more than 255 bytes.
    case nameTooLong(ByteString)

    /// A mode that is neither octal, up to 7777, nor symbolic as in `chmod(1)`.
    case invalidPermissions(ByteString)
}

extension LayerError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .needsTree(let layer): "layer \(layer), counted from the lowest, is not unpacked"
        case .reservedName(let path):
            "`\(path)` cannot be kept in a layer: names that start with `.wh.` stand for deleted files"
        case .changedDuringBuild(let path): "`\(path)` changed while the build was reading it"
        case .notDirectory(let path): "`\(path)` is not a directory"
        case .directoryOntoFile(let path): "cannot copy a directory to `\(path)`, which is not a directory"
        case .fileOntoDirectory(let path): "cannot replace the directory `\(path)` with a file"
        case .tooManyLinks(let path): "too many symbolic links on the way to `\(path)`"
        case .notFound(let path): "`\(path)` was not found"
        case .replacesRoot(let member): "the archive's member `\(member)` would replace the root directory"
        case .invalidWhiteout(let member): "the deletion `\(member)` names no entry of its directory"
        case .forgedWhiteout(let member): "the archive's member `\(member)` is the device 0:0"
        case .missingLinkTarget(let member, let target):
            "the archive's member `\(member)` is a hard link to `\(target)`, which is not there"
        case .diffIDMismatch(let expected, let actual):
            "the layer's content is `\(actual.digest)` and should be `\(expected.digest)`"
        case .nameTooLong(let name): "file name too long: `\(name)`"
        case .invalidPermissions(let text): "`\(text)` is not a mode"
        }
    }
}
