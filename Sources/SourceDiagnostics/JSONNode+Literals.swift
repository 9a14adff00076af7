extension JSONNode: ExpressibleByDictionaryLiteral {
    /// An object with its members in the order written.
    package init(dictionaryLiteral elements: (String, JSONNode)...) {
        self = .object(elements.map { Member($0.0, $0.1) })
    }
}

extension JSONNode: ExpressibleByStringLiteral {
    package init(stringLiteral value: String) {
        self = .string(value)
    }
}
