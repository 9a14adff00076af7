package import ByteStrings
import LinuxSystem

/// Which extended attributes of a file take part in a copy between stages.
package enum CopiedAttribute {
    /// Whether the attribute of this full name is copied and counts for the cache.
    ///
    /// That is `security.capability` and all of `user.`; labels of the host's security modules, access control lists
    /// and the marks of overlay file systems and of our own are none of a layer's business.
    package static func includes(_ name: ByteString) -> Bool {
        name == "security.capability"
            || name.hasPrefix("user.") && !name.hasPrefix("user.overlay.") && !name.hasPrefix(FileRecord.prefix)
    }
}
