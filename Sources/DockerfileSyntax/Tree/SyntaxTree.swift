import ByteStrings
package import SourceDiagnostics

/// A parsed Dockerfile written out with every place and every field.
package struct SyntaxTree: Sendable {
    private let dockerfile: Dockerfile
    private let diagnostics: [Diagnostic]
    private let source: SourceText

    /// The tree of what was parsed from `source`.
    package init(_ parsed: Parsed<Dockerfile>, of source: SourceText) {
        dockerfile = parsed.value
        diagnostics = parsed.diagnostics
        self.source = source
    }

    /// The syntax for people, a line for each instruction; the diagnostics are left out.
    package var text: String {
        var lines: [String] = []
        if dockerfile.escape != UInt8(ascii: "\\") {
            lines.append("escape \(SyntaxText.quoted(ByteString([dockerfile.escape])))")
        }
        for directive in dockerfile.directives {
            lines.append(
                "\(SyntaxText.place(directive.range)) # \(directive.name) \(SyntaxText.quoted(directive.value))"
            )
        }
        for argument in dockerfile.globalArguments {
            lines += Self.lines(argument, SyntaxText.text(.arg(argument.syntax)), indent: "")
        }
        for stage in dockerfile.stages {
            lines += Self.lines(stage.from, SyntaxText.text(stage.from.syntax), indent: "")
            for instruction in stage.instructions {
                lines += Self.lines(instruction, SyntaxText.text(instruction.syntax), indent: "  ")
            }
        }
        return lines.map { $0 + "\n" }.joined()
    }

    private static func lines<Syntax>(_ located: Located<Syntax>, _ text: String, indent: String) -> [String] {
        located.comments.map { "\(indent)\(SyntaxText.place($0.range)) # \(SyntaxText.quoted($0.text))" }
            + ["\(indent)\(SyntaxText.place(located.range)) \(text)"]
    }

    /// The syntax and the diagnostics for programs: one JSON document on one line, with a line feed behind it.
    ///
    /// Bytes that are UTF-8 are strings. Others are objects: `text` with U+FFFD in it, and `bytes` in hexadecimal.
    /// Durations are nanoseconds.
    package var json: String {
        let document = JSONNode.object([
            .init("file", .string(source.name)),
            .init("directives", .array(dockerfile.directives.map(Self.node))),
            .init("escape", SyntaxNode.bytes(ByteString([dockerfile.escape]))),
            .init("globalArguments", .array(dockerfile.globalArguments.map { node($0, .arg($0.syntax)) })),
            .init("stages", .array(dockerfile.stages.map(node))),
            .init("diagnostics", .array(diagnostics.map { $0.json() })),
        ])
        return document.text + "\n"
    }

    private static func node(_ directive: ParserDirective) -> JSONNode {
        .object([
            .init("name", SyntaxNode.bytes(directive.name)), .init("value", SyntaxNode.bytes(directive.value)),
            .init("range", directive.range.json),
        ])
    }

    private func node(_ stage: Stage) -> JSONNode {
        let from = stage.from.syntax
        let last = stage.instructions.last?.range ?? stage.from.range
        var members: [JSONNode.Member] = [.init("from", SyntaxNode.bytes(from.image))]
        if let name = from.stageName { members.append(.init("name", SyntaxNode.bytes(name))) }
        if let platform = from.platform { members.append(.init("platform", SyntaxNode.bytes(platform))) }
        members += [
            .init("range", SourceRange(stage.from.range.start, last.end).json),
            .init("head", .object(written(stage.from, .from))),
            .init("instructions", .array(stage.instructions.map { node($0, $0.syntax) })),
        ]
        return .object(members)
    }

    private func node<Syntax>(_ located: Located<Syntax>, _ instruction: Instruction) -> JSONNode {
        var members = written(located, instruction.keyword)
        members += SyntaxNode.fields(of: instruction)
        if case .onbuild(let onbuild) = instruction {
            members.append(.init("trigger", node(onbuild.trigger, onbuild.trigger.syntax)))
        }
        return .object(members)
    }

    /// What every instruction has: its name, its places and its words.
    private func written<Syntax>(_ located: Located<Syntax>, _ keyword: InstructionKeyword) -> [JSONNode.Member] {
        let words = InstructionWords(located.range, in: source, escape: dockerfile.escape)
        let flags = words.flags.map { flag -> JSONNode in
            var members = [JSONNode.Member("name", SyntaxNode.bytes(flag.name))]
            if let value = flag.value { members.append(.init("value", SyntaxNode.bytes(value))) }
            return .object(members + [.init("range", flag.range.json)])
        }
        return [
            .init("instruction", .string(keyword.written)), .init("range", located.range.json),
            .init("keyword", .object(SyntaxNode.text(words.keyword.text, at: located.keyword))),
            .init("comments", .array(located.comments.map(SyntaxNode.node))),
            .init("flags", .array(flags)),
            .init("arguments", .array(words.arguments.map { .object(SyntaxNode.text($0.text, at: $0.range)) })),
        ]
    }
}
