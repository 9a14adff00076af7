package import SourceDiagnostics

/// A piece of syntax and where it was written.
package struct Located<Syntax: Hashable & Sendable>: Hashable, Sendable {
    package var syntax: Syntax
    package var range: SourceRange

    package init(_ syntax: Syntax, at range: SourceRange) {
        self.syntax = syntax
        self.range = range
    }
}
