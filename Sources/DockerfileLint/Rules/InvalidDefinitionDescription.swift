import ByteStrings
import DockerfileSyntax
import SourceDiagnostics

/// Finds comments above stages and arguments that do not describe them.
struct InvalidDefinitionDescription: LintRule {
    let description = RuleDescription(
        name: "InvalidDefinitionDescription",
        summary: "A comment right above a stage or an argument starts with its name.",
        isExperimental: true
    )

    func check(_ subject: LintSubject, _ findings: inout FindingCollector) {
        for argument in subject.dockerfile.globalArguments { check(argument, argument.syntax, &findings) }
        for stage in subject.dockerfile.stages {
            if let name = stage.from.syntax.stageName { check(stage.from, "stage", [name], &findings) }
            for instruction in stage.instructions {
                if case .arg(let argument) = instruction.syntax { check(instruction, argument, &findings) }
            }
        }
    }

    private func check<Syntax>(
        _ instruction: Located<Syntax>,
        _ argument: ArgInstruction,
        _ findings: inout FindingCollector
    ) {
        check(instruction, "argument", argument.declarations.map(\.name), &findings)
    }

    private func check<Syntax>(
        _ instruction: Located<Syntax>,
        _ kind: String,
        _ names: [ByteString],
        _ findings: inout FindingCollector
    ) {
        guard let comment = instruction.comments.last, !comment.text.hasPrefix("check="), let name = names.first else {
            return
        }
        let first = comment.text.bytes.split(separator: 0x20).first.map { ByteString($0) } ?? ""
        if names.contains(first) { return }
        findings.add(
            "the comment above the \(kind) does not start with its name",
            at: comment.range,
            hint: "write `# \(name) …`, or put an empty line below the comment if it describes something else"
        )
    }
}
