/// What an entry of a tar makes.
package enum TarEntryKind: Hashable, Sendable, CaseIterable {
    case regular, hardLink, symbolicLink, characterDevice, blockDevice, directory, fifo
}
