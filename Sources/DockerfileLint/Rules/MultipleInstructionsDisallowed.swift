import DockerfileSyntax
import SourceDiagnostics

/// Finds instructions without effect since a later one of the kind takes their place.
struct MultipleInstructionsDisallowed: LintRule {
    let description = RuleDescription(
        name: "MultipleInstructionsDisallowed",
        summary: "A stage has one CMD, one ENTRYPOINT and one HEALTHCHECK at most."
    )

    func check(_ subject: LintSubject, _ findings: inout FindingCollector) {
        for stage in subject.dockerfile.stages {
            var last: [InstructionKeyword: Located<Instruction>] = [:]
            for instruction in stage.instructions {
                let keyword = instruction.syntax.keyword
                guard keyword == .cmd || keyword == .entrypoint || keyword == .healthcheck else { continue }
                guard let earlier = last.updateValue(instruction, forKey: keyword) else { continue }
                findings.add(
                    "this \(keyword.written) has no effect: of several in a stage the last counts",
                    at: earlier.keyword,
                    notes: ["line \(instruction.range.start.line) has another \(keyword.written)"],
                    hint: "take it out"
                )
            }
        }
    }
}
