import ByteStrings
import DockerfileSyntax
import SourceDiagnostics

/// Finds stages that are built by nobody, since they have no name and nothing takes files from them.
struct UnusedStage: LintRule {
    let description = RuleDescription(
        name: "UnusedStage",
        summary: "Every stage is the last one, has a name, or is used by another."
    )

    func check(_ subject: LintSubject, _ findings: inout FindingCollector) {
        let used = Self.usedNumbers(in: subject)
        for (index, stage) in subject.dockerfile.stages.enumerated().dropLast() {
            if stage.from.syntax.stageName != nil || used.contains(index) || subject.target == index { continue }
            findings.add(
                "stage \(index) has no name, and no other stage uses it",
                at: stage.from.keyword,
                hint: "name it with `AS`, or take it out"
            )
        }
    }

    private static func usedNumbers(in subject: LintSubject) -> Set<Int> {
        var used: Set<Int> = []
        for instruction in subject.dockerfile.stages.flatMap(\.instructions) {
            var syntax = instruction.syntax
            if case .onbuild(let onbuild) = syntax { syntax = onbuild.trigger.syntax }
            switch syntax {
            case .copy(let copy):
                if let number = copy.from?.decimalNumber { used.insert(number) }
            case .run(let run):
                for mount in run.mounts {
                    if let number = (try? RunMount(parsing: mount))?.from?.decimalNumber { used.insert(number) }
                }
            default: break
            }
        }
        return used
    }
}
