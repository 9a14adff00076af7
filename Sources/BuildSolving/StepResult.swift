import OCIModel

/// What a solved step has for the steps above it.
struct StepResult: Sendable {
    /// The step's definition key.
    var definition: Digest

    /// The file system it left.
    var snapshot: Snapshot

    /// Whether it came from the cache.
    var isCached: Bool
}
