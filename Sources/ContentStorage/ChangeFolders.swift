package import ByteStrings

/// The names of two folders in which an overlay keeps what is changed.
package struct ChangeFolders: Hashable, Sendable {
    /// That of the changes, below `trees`; it is rubbish until the database records it.
    package let tree: ByteString

    /// That in which the kernel works, in the temporary folder of the session.
    package let work: ByteString
}
