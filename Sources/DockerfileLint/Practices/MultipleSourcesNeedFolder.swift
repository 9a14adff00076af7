import ByteStrings
import DockerfileSyntax
import SourceDiagnostics

/// Finds several sources with a destination that need not be a folder.
struct MultipleSourcesNeedFolder: LintRule {
    let description = RuleDescription(
        name: "MultipleSourcesNeedFolder",
        summary: "The destination of several sources ends in a slash."
    )

    func check(_ subject: LintSubject, _ findings: inout FindingCollector) {
        var visitor = Visitor(subject: subject, findings: findings)
        StageWalk.run(subject, &visitor)
        findings = visitor.findings
    }

    private struct Visitor: StageVisitor {
        let subject: LintSubject
        var findings: FindingCollector

        mutating func visit(_ instruction: Located<Instruction>, of stage: Int, _ scope: Scope) {
            switch instruction.syntax {
            case .copy(let copy) where copy.sources.count > 1: check(copy.destination, instruction, scope)
            case .add(let add) where add.sources.count > 1: check(add.destination, instruction, scope)
            default: break
            }
        }

        private mutating func check(_ written: ByteString, _ instruction: Located<Instruction>, _ scope: Scope) {
            guard !findings.isFull, let path = scope.expand(written), !path.isEmpty, !path.hasSuffix("/"),
                path.lastPathComponent != "..", path != ".", !path.hasSuffix("/.")
            else { return }
            findings.add(
                "several sources go to `\(path)`, which is a file if nothing else has made it a folder",
                at: subject.words(of: instruction.range).arguments.last?.range ?? instruction.keyword,
                notes: ["each file then overwrites the one before it"],
                hint: "write `\(path)/`"
            )
        }
    }
}
