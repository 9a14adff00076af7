package import SourceDiagnostics

/// A piece of syntax, where it was written, and what was said about it.
package struct Located<Syntax: Hashable & Sendable>: Hashable, Sendable {
    package var syntax: Syntax
    /// From the instruction's name to the end of its last line.
    package var range: SourceRange
    /// The instruction's name as written, whose text tells its letter case; of a trigger the trigger's own.
    package var keyword: SourceRange
    /// The comment lines directly above, without a blank line in between; parser directives are none of them.
    package var comments: [Comment]

    /// Without `keyword` the name is an empty place at the start of `range`.
    package init(
        _ syntax: Syntax,
        at range: SourceRange,
        keyword: SourceRange? = nil,
        comments: [Comment] = []
    ) {
        self.syntax = syntax
        self.range = range
        self.keyword = keyword ?? SourceRange(range.start, range.start)
        self.comments = comments
    }

    /// The rules that the comments switch off: lines such as `# check=skip=A,B` or `# check=skip=all`.
    package var skippedChecks: SkippedChecks {
        SkippedChecks(comments)
    }
}
