import ByteStrings
import DockerfileSyntax
import OCIModel
import SourceDiagnostics

/// Finds working directories that hang on the one of the base image.
struct WorkdirRelativePath: LintRule {
    let description = RuleDescription(
        name: "WorkdirRelativePath",
        summary: "The first WORKDIR of a Dockerfile's stages is an absolute path."
    )

    func check(_ subject: LintSubject, _ findings: inout FindingCollector) {
        // Windows has absolute paths of another form.
        if subject.environment.platform.os == "windows" { return }
        var visitor = Visitor(subject: subject, findings: findings)
        StageWalk.run(subject, &visitor)
        findings = visitor.findings
    }

    private struct Visitor: StageVisitor {
        let subject: LintSubject
        var findings: FindingCollector
        /// The stages, among those the walk is in, that have set theirs.
        private var settled: Set<Int> = []

        init(subject: LintSubject, findings: FindingCollector) {
            self.subject = subject
            self.findings = findings
        }

        mutating func enter(_ stage: Int, _ scope: Scope) {
            if let base = subject.stages[stage].base, settled.contains(base) { settled.insert(stage) }
        }

        mutating func visit(_ instruction: Located<Instruction>, of stage: Int, _ scope: Scope) {
            guard case .workdir(let workdir) = instruction.syntax, settled.insert(stage).inserted else { return }
            // A variable whose value nobody knows is trusted.
            guard let path = scope.expand(workdir.path), !path.isEmpty, !path.isAbsolutePath else { return }
            findings.add(
                "relative workdir `\(path)` depends on the working directory of the base image",
                at: subject.place(of: workdir.path, in: instruction),
                hint: "start with an absolute path: `WORKDIR /\(path)`"
            )
        }
    }
}
