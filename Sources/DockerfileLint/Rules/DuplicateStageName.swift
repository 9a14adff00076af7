import ByteStrings
import DockerfileSyntax
import SourceDiagnostics

/// Finds stages that have the name of an earlier one.
struct DuplicateStageName: LintRule {
    let description = RuleDescription(
        name: "DuplicateStageName",
        summary: "Every stage has a name of its own."
    )

    func check(_ subject: LintSubject, _ findings: inout FindingCollector) {
        var first: [ByteString: Int] = [:]
        for stage in subject.dockerfile.stages {
            guard let name = stage.from.syntax.stageName else { continue }
            let line = stage.from.range.start.line
            guard let earlier = first.updateValue(line, forKey: name.lowercasedASCII) else { continue }
            findings.add(
                "duplicate stage name `\(name)`: the last of that name counts",
                at: subject.place(of: name, in: stage.from),
                notes: ["line \(earlier) has the same name"],
                hint: "give every stage a name of its own"
            )
        }
    }
}
