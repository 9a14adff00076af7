package import OCIModel

/// Remembers answers from one build to the next.
package protocol HTTPCacheStorage: Sendable {
    /// The answer under a key; nil when there is none.
    func load(_ key: Digest) async throws -> CachedResponse?

    /// Remembers an answer instead of the one before.
    func save(_ response: CachedResponse, for key: Digest) async throws
}

/// An answer, and what to ask the server with whether it still holds.
package struct CachedResponse: Hashable, Sendable {
    package var content: RemoteContent

    /// The `ETag` field as it came.
    package var entityTag: String?

    /// The `Last-Modified` field as it came.
    package var lastModified: String?

    package init(content: RemoteContent, entityTag: String?, lastModified: String?) {
        self.content = content
        self.entityTag = entityTag
        self.lastModified = lastModified
    }

    /// What the answer to a URL is kept under: a digest, since queries may hold secrets.
    ///
    /// Users and passwords are no part of it, so that it cannot be used for guessing them. Whether somebody else may have
    /// the answer is for the server to say, which is asked each time.
    package static func key(for url: RemoteURL) -> Digest {
        .sha256(of: Array(url.text.utf8))
    }
}
