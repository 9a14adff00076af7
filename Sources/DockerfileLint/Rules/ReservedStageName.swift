import ByteStrings
import DockerfileSyntax
import SourceDiagnostics

/// Finds stages named as something that has a meaning of its own.
struct ReservedStageName: LintRule {
    let description = RuleDescription(
        name: "ReservedStageName",
        summary: "No stage is called `scratch` or `context`."
    )

    func check(_ subject: LintSubject, _ findings: inout FindingCollector) {
        for stage in subject.dockerfile.stages {
            guard let name = stage.from.syntax.stageName,
                name.lowercasedASCII == "scratch" || name.lowercasedASCII == "context"
            else { continue }
            let meaning = name.lowercasedASCII == "scratch" ? "the empty image" : "the build context"
            findings.add(
                "the stage name `\(name)` is reserved for \(meaning)",
                at: subject.place(of: name, in: stage.from),
                hint: "choose another name"
            )
        }
    }
}
