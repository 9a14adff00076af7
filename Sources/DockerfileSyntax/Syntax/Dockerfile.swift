/// A parsed Dockerfile: what was written, before any variable is expanded.
package struct Dockerfile: Hashable, Sendable {
    /// The parser directives of the top of the file, in their order.
    package var directives: [ParserDirective]
    /// The escape character: a backslash or a backtick.
    package var escape: UInt8
    /// The `check` settings of the whole file.
    package var checks: CheckSettings
    /// The `ARG` instructions before the first `FROM`.
    package var globalArguments: [Located<ArgInstruction>]
    /// The stages in the order of the file; their position is the number `--from=0` means.
    package var stages: [Stage]

    package init(
        directives: [ParserDirective] = [],
        escape: UInt8 = UInt8(ascii: "\\"),
        checks: CheckSettings = CheckSettings(),
        globalArguments: [Located<ArgInstruction>] = [],
        stages: [Stage] = []
    ) {
        self.directives = directives
        self.escape = escape
        self.checks = checks
        self.globalArguments = globalArguments
        self.stages = stages
    }
}
