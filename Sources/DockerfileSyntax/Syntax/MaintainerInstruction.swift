package import ByteStrings

/// `MAINTAINER name`: the author of the image.
package struct MaintainerInstruction: Hashable, Sendable {
    /// The rest of the line, never expanded.
    package var name: ByteString

    package init(name: ByteString) {
        self.name = name
    }
}
