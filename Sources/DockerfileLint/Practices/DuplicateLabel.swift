import ByteStrings
import DockerfileSyntax
import SourceDiagnostics

/// Finds labels that a stage sets twice.
struct DuplicateLabel: LintRule {
    let description = RuleDescription(
        name: "DuplicateLabel",
        summary: "A stage sets every label once."
    )

    func check(_ subject: LintSubject, _ findings: inout FindingCollector) {
        for stage in subject.dockerfile.stages {
            var first: [ByteString: Int] = [:]
            for instruction in stage.instructions {
                guard case .label(let label) = instruction.syntax else { continue }
                check(label, instruction, &first, subject, &findings)
            }
        }
    }

    private func check(
        _ label: LabelInstruction,
        _ instruction: Located<Instruction>,
        _ first: inout [ByteString: Int],
        _ subject: LintSubject,
        _ findings: inout FindingCollector
    ) {
        var places = ArgumentPlaces(instruction)
        var seen: [ByteString: Int] = [:]
        for pair in label.pairs where !pair.key.contains(UInt8(ascii: "$")) {
            let earlier = seen[pair.key, default: 0]
            seen[pair.key] = earlier + 1
            let key = pair.key.withoutQuotes
            guard let line = first[key] else {
                first[key] = instruction.range.start.line
                continue
            }
            findings.add(
                "the label `\(key)` is set again, and only its last value counts",
                at: places.place(of: pair.key, after: earlier, in: subject),
                notes: ["the instruction on line \(line) sets it too"],
                hint: "leave one of them out"
            )
        }
    }
}
