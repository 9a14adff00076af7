package import ByteStrings
package import FileModel
package import OCIModel

/// What a URL was found to hold; equal values mean an equal ADD.
package struct RemoteContent: Hashable, Sendable {
    /// The SHA-256 of the bytes.
    package var digest: Digest

    /// How many bytes there are.
    package var size: UInt64

    /// The name of the file in a folder: one component.
    package var fileName: ByteString

    /// The `Last-Modified` of the answer; nil when the server did not say.
    package var modified: Timestamp?

    package init(digest: Digest, size: UInt64, fileName: ByteString, modified: Timestamp?) {
        self.digest = digest
        self.size = size
        self.fileName = fileName
        self.modified = modified
    }
}
