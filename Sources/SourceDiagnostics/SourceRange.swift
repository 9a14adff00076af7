/// A part of one text, from one location up to and without another.
package struct SourceRange: Hashable, Sendable {
    package var start: SourceLocation
    package var end: SourceLocation

    package init(_ start: SourceLocation, _ end: SourceLocation) {
        self.start = start
        self.end = end
    }
}
