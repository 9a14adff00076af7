import ByteStrings
import SourceDiagnostics

extension Dockerfile {
    /// The whole syntax as text, a line for each instruction: for tests.
    package var debugTree: String {
        var lines: [String] = []
        if escape != UInt8(ascii: "\\") { lines.append("escape \(SyntaxText.quoted(ByteString([escape])))") }
        for directive in directives {
            lines.append(
                "\(SyntaxText.place(directive.range)) # \(directive.name) \(SyntaxText.quoted(directive.value))"
            )
        }
        for argument in globalArguments {
            lines.append("\(SyntaxText.place(argument.range)) \(SyntaxText.text(.arg(argument.syntax)))")
        }
        for stage in stages {
            let from = stage.from.syntax
            var line = "\(SyntaxText.place(stage.from.range)) FROM \(SyntaxText.quoted(from.image))"
            if let name = from.stageName { line += " as=\(SyntaxText.quoted(name))" }
            if let platform = from.platform { line += " platform=\(SyntaxText.quoted(platform))" }
            lines.append(line)
            for instruction in stage.instructions {
                lines.append("  \(SyntaxText.place(instruction.range)) \(SyntaxText.text(instruction.syntax))")
            }
        }
        return lines.map { $0 + "\n" }.joined()
    }
}
