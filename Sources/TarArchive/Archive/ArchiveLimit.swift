/// What about an archive is limited.
package enum ArchiveLimit: String, Hashable, Sendable, CaseIterable {
    case entries
    case bytes
    case pathLength = "bytes of a path"
    case attributeCount = "extended attributes of an entry"
    case attributeBytes = "bytes of an entry's extended attributes"
    case ratio = "times its compressed size"
    case memory = "bytes of memory to undo its compression"
}
