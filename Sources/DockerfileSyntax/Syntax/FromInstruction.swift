package import ByteStrings

/// `FROM image AS name`: the start of a stage.
package struct FromInstruction: Hashable, Sendable {
    /// The image or the earlier stage, unexpanded.
    package var image: ByteString
    /// The stage's name as written, or nil when it has none; it counts without regard to letter case.
    package var stageName: ByteString?
    /// The value of `--platform`, unexpanded, or nil.
    package var platform: ByteString?

    package init(image: ByteString, stageName: ByteString? = nil, platform: ByteString? = nil) {
        self.image = image
        self.stageName = stageName
        self.platform = platform
    }
}
