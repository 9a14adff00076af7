import ByteStrings
import DockerfileSyntax
import SourceDiagnostics

/// Finds settings that mean a rule and miss its name by a little.
struct UnknownCheckName: LintRule {
    let description = RuleDescription(
        name: "UnknownCheckName",
        summary: "Settings name rules as they are called."
    )

    func check(_ subject: LintSubject, _ findings: inout FindingCollector) {
        let known = RuleSet.lint.descriptions.map(\.name)
        let checks = subject.dockerfile.checks
        for directive in subject.dockerfile.directives where directive.name == "check" {
            check(checks.skipped.union(checks.experimental), known, directive.range, subject, &findings)
        }
        for instruction in subject.dockerfile.globalArguments { check(instruction, known, subject, &findings) }
        for stage in subject.dockerfile.stages {
            check(stage.from, known, subject, &findings)
            for instruction in stage.instructions { check(instruction, known, subject, &findings) }
        }
    }

    private func check<Syntax>(
        _ instruction: Located<Syntax>,
        _ known: [String],
        _ subject: LintSubject,
        _ findings: inout FindingCollector
    ) {
        for comment in instruction.comments {
            check(SkippedChecks([comment]).names, known, comment.range, subject, &findings)
        }
    }

    private func check(
        _ names: Set<String>,
        _ known: [String],
        _ range: SourceRange,
        _ subject: LintSubject,
        _ findings: inout FindingCollector
    ) {
        for name in names.sorted() where name != "all" && !known.contains(name) && !findings.isFull {
            let near =
                known.first { $0.lowercased() == name.lowercased() } ?? Suggestion.closest(to: name, among: known)
            // A name that is like none may be a rule of another builder.
            guard let near else { continue }
            findings.add(
                "there is no rule `\(name)`, so this switches nothing",
                at: Self.place(of: ByteString(name), in: range, subject),
                hint: "did you mean `\(near)`?"
            )
        }
    }

    private static func place(of name: ByteString, in range: SourceRange, _ subject: LintSubject) -> SourceRange {
        let text = subject.source.slice(range)
        for start in text.indices where text[start...].starts(with: name.bytes) {
            return subject.source.range(start..<(start + name.count))
        }
        return range
    }
}
