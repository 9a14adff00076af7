import BuildContexts
import FileModel

/// Where the bytes of a regular file of a new layer come from.
enum ContentOrigin: Sendable {
    /// The file at a path of one of the trees.
    case tree(Int32, SharedPath)

    /// The same of a tree that others may write to: it must be this file still, unchanged since this time.
    case live(Int32, SharedPath, FileID, changed: Timestamp)

    /// These.
    case bytes([UInt8])

    /// As many as the file's size, from an offset of the spool.
    case spool(UInt64)
}
