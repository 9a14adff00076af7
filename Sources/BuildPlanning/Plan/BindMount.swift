package import ByteStrings

/// A folder or file of a context, a stage or an image made visible to a command.
package struct BindMount: Hashable, Sendable {
    package var origin: FileOrigin

    /// The absolute, clean path inside the origin; `/` is all of it.
    package var source: ByteString

    /// Whether writing fails; what is written otherwise is thrown away.
    package var isReadOnly: Bool

    package init(origin: FileOrigin, source: ByteString, isReadOnly: Bool) {
        self.origin = origin
        self.source = source
        self.isReadOnly = isReadOnly
    }
}
