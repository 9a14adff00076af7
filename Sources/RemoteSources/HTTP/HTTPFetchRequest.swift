package import OCIModel

/// A file to fetch.
package struct HTTPFetchRequest: Hashable, Sendable {
    package var url: RemoteURL

    /// The digest that the bytes must have; nil for any.
    package var checksum: Digest?

    /// Whether the bytes are wanted even when the server would say that nothing changed.
    package var wantsBytes: Bool

    package init(_ url: RemoteURL, checksum: Digest? = nil, wantsBytes: Bool = false) {
        self.url = url
        self.checksum = checksum
        self.wantsBytes = wantsBytes
    }
}

/// What a fetch came to.
package struct HTTPFetchResult: Hashable, Sendable {
    package var content: RemoteContent

    /// Whether the server said that nothing changed: then no byte was written, and the bytes are those of before.
    package var isUnchanged: Bool

    package init(content: RemoteContent, isUnchanged: Bool) {
        self.content = content
        self.isUnchanged = isUnchanged
    }
}
