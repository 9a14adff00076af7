import ByteStrings
import DockerfileSyntax
import SourceDiagnostics

/// Finds stage names with capital letters.
struct StageNameCasing: LintRule {
    let description = RuleDescription(
        name: "StageNameCasing",
        summary: "Names of stages are written in small letters."
    )

    func check(_ subject: LintSubject, _ findings: inout FindingCollector) {
        for stage in subject.dockerfile.stages {
            guard let name = stage.from.syntax.stageName, name != name.lowercasedASCII else { continue }
            findings.add(
                "the stage name `\(name)` has capital letters, but `FROM` finds it only by small ones",
                at: subject.place(of: name, in: stage.from),
                hint: "write `\(name.lowercasedASCII)`"
            )
        }
    }
}
