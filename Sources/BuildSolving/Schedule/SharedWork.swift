/// Work that is done once however many ask for it.
package actor SharedWork<Key: Hashable & Sendable, Value: Sendable> {
    private var promises: [Key: Promise<Value>] = [:]

    package init() {}

    /// The value for `key`: made by the first who asks, awaited by the others.
    ///
    /// A failure is not kept: who asks later tries again.
    ///
    /// - Throws: What `make` throws.
    package func value(for key: Key, _ make: @Sendable () async throws -> Value) async throws -> Value {
        if let promise = promises[key] { return try await promise.value() }
        let promise = Promise<Value>()
        promises[key] = promise
        do {
            let value = try await make()
            promise.settle(.success(value))
            return value
        } catch {
            promises[key] = nil
            promise.settle(.failure(error))
            throw error
        }
    }
}
