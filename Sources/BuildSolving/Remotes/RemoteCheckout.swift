package import ByteStrings
package import FileModel

/// The files of a commit on this machine.
package struct RemoteCheckout: Hashable, Sendable {
    /// The path of the folder; everything in it belongs to this process.
    package var folder: ByteString

    /// When the commit was made.
    package var committed: Timestamp

    package init(folder: ByteString, committed: Timestamp) {
        self.folder = folder
        self.committed = committed
    }
}
