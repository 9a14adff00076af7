/// Undoes a compression, block by block.
protocol StreamDecoder: AnyObject {
    /// The next bytes, where they stand until the next call; none at the end.
    ///
    /// What comes before damage is given before the damage is reported.
    func next() throws -> UnsafeRawBufferPointer
}

extension StreamDecoder {
    /// The first bytes, where they stand until the first call of ``next()``.
    func first() throws(ArchiveError) -> UnsafeRawBufferPointer {
        do {
            return try next()
        } catch {
            throw error as? ArchiveError ?? .unreadable("\(error)")
        }
    }
}
