// Documents leave out what is empty, as the other tools of the field do, so that equal images have equal bytes.

extension Optional where Wrapped: Collection {
    /// The collection, or nil when it has no elements.
    var nonEmpty: Wrapped? {
        self?.isEmpty == false ? self : nil
    }
}

extension Optional where Wrapped: BinaryInteger {
    /// The number, or nil when it is zero.
    var nonZero: Wrapped? {
        self == 0 ? nil : self
    }
}
