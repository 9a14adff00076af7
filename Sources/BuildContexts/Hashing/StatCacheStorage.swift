/// Keeps the blobs of stat caches between builds.
package protocol StatCacheStorage: Sendable {
    /// The blob last saved under `key`, or nil.
    ///
    /// - Throws: What reading fails with.
    func load(key: String) throws -> [UInt8]?

    /// Replaces the blob under `key`.
    ///
    /// - Throws: What writing fails with.
    func save(key: String, _ blob: [UInt8]) throws
}
