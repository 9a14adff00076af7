package import ByteStrings

/// A layer as files on disk, in the form that an overlay file system takes for a lower layer.
///
/// A deleted name is a character device 0:0; a directory that hides all below it carries `trusted.overlay.opaque`.
/// Source: Linux, `filesystems/overlayfs.rst`, "whiteouts and opaque directories".
package struct LayerTree: Hashable, Sendable {
    /// The root of the files: a path of the host.
    package var path: ByteString

    package init(path: ByteString) {
        self.path = path
    }
}
