/// What a directory entry is.
///
/// Source: `inode(7)`, "The file type and mode".
package enum FileKind: UInt8, Hashable, Sendable, CaseIterable {
    case regular, directory, symbolicLink, characterDevice, blockDevice, fifo, socket
}
