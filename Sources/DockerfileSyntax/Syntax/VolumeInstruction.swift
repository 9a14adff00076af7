package import ByteStrings

/// `VOLUME path …`.
package struct VolumeInstruction: Hashable, Sendable {
    /// At least one path, unexpanded.
    package var paths: [ByteString]

    package init(paths: [ByteString]) {
        self.paths = paths
    }
}
