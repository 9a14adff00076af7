package import ByteStrings

/// Writes syntax as the text of a Dockerfile, in one layout whatever it was written like.
///
/// Names of instructions are in capitals, an instruction takes one line, and an empty line stands before every stage.
/// Parsing the text gives the same syntax again, places apart. That is promised for syntax that a parser made; of other
/// syntax there may be things that no Dockerfile can say. Comments within an instruction are left out.
package struct DockerfilePrinter: Sendable {
    package init() {}

    /// The text, which ends in a line feed unless there is nothing to write.
    package func text(of dockerfile: Dockerfile) -> ByteString {
        var text: [UInt8] = []
        for directive in dockerfile.directives {
            // Indented, a directive for another frontend chooses none; at the start of its line it would.
            let isForeign = directive.name == "syntax" && !SyntaxFrontend.isBuiltIn(directive.value)
            text += (isForeign ? " # " : "# ").utf8
            text += directive.name.bytes + [UInt8(ascii: "=")] + directive.value.bytes + [UInt8(ascii: "\n")]
        }
        let writer = InstructionWriter(escape: dockerfile.escape)
        var needsGap = !text.isEmpty
        for argument in dockerfile.globalArguments {
            Self.append(argument.comments, gap: needsGap, to: &text)
            text += writer.text(.arg(argument.syntax))
            needsGap = false
        }
        for stage in dockerfile.stages {
            Self.append(stage.from.comments, gap: !text.isEmpty, to: &text)
            text += writer.text(stage.from.syntax)
            for instruction in stage.instructions {
                Self.append(instruction.comments, gap: false, to: &text)
                text += writer.text(instruction.syntax)
            }
        }
        return ByteString(text)
    }

    private static func append(_ comments: [Comment], gap: Bool, to text: inout [UInt8]) {
        // At the top a comment may look like a directive; behind an empty line it is none.
        let isAtTop = text.isEmpty && comments.first.map { DirectiveParts($0.text.bytes[...]) != nil } ?? false
        if gap || isAtTop { text.append(UInt8(ascii: "\n")) }
        for comment in comments {
            text.append(UInt8(ascii: "#"))
            if !comment.text.isEmpty { text += [UInt8(ascii: " ")] + comment.text.bytes }
            text.append(UInt8(ascii: "\n"))
        }
    }
}
