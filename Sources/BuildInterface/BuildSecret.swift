package import ByteStrings

/// One `--secret`: its name, and where the value is read from when a step asks for it.
package struct BuildSecret: Hashable, Sendable {
    /// Where a value lies.
    package enum Source: Hashable, Sendable {
        case file(ByteString)
        case environment(ByteString)
    }

    package var id: ByteString
    package var source: Source

    package init(id: ByteString, source: Source) {
        self.id = id
        self.source = source
    }
}
