import ByteStrings
import DockerfileSyntax
import SourceDiagnostics

/// Finds variables in FROM lines that no ARG before the first FROM declares.
struct UndefinedArgInFrom: LintRule {
    let description = RuleDescription(
        name: "UndefinedArgInFrom",
        summary: "FROM uses only arguments that are declared before the first FROM."
    )

    func check(_ subject: LintSubject, _ findings: inout FindingCollector) {
        var guesses = NearNames()
        for (index, stage) in subject.dockerfile.stages.enumerated() where !findings.isFull {
            var places = VariablePlaces()
            for word in [stage.from.syntax.platform, stage.from.syntax.image].compactMap(\.self) {
                let names = ExpandedWord(text: word).undeclared(escape: subject.dockerfile.escape) {
                    subject.globals.names.contains($0) || PredefinedNames.needsNoDeclaration($0)
                }
                for name in names {
                    findings.add(
                        "FROM uses `\(name)`, which is not declared before the first FROM",
                        at: places.place(of: name, in: stage.from.range, of: subject, orElse: stage.from.keyword),
                        hint: guesses.closest(to: name, among: subject.globals.names).map { "did you mean `\($0)`?" }
                            ?? hint(for: name, of: index, subject)
                    )
                }
            }
        }
    }

    private func hint(for name: ByteString, of stage: Int, _ subject: LintSubject) -> String {
        let isLocal =
            stage > 0
            && subject.dockerfile.stages[stage - 1].instructions.contains { instruction in
                guard case .arg(let arg) = instruction.syntax else { return false }
                return arg.declarations.contains { $0.name == name }
            }
        return isLocal
            ? "the `ARG \(name)` above belongs to the stage it stands in: write one before the first FROM"
            : "write `ARG \(name)=…` before the first FROM"
    }
}
