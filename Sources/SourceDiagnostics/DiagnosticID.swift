/// The stable name of a kind of diagnostic, such as `NoEmptyContinuation`.
package struct DiagnosticID: Hashable, Sendable, RawRepresentable, ExpressibleByStringLiteral, CustomStringConvertible {
    package let rawValue: String

    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    package init(stringLiteral value: String) {
        rawValue = value
    }

    /// The name itself.
    package var description: String { rawValue }
}
