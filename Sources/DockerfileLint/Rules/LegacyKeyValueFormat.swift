import ByteStrings
import DockerfileSyntax
import SourceDiagnostics

/// Finds ENV and LABEL with a blank where an equals sign should be.
struct LegacyKeyValueFormat: LintRule {
    let description = RuleDescription(
        name: "LegacyKeyValueFormat",
        summary: "ENV and LABEL have an equals sign between name and value."
    )

    func check(_ subject: LintSubject, _ findings: inout FindingCollector) {
        for instruction in subject.dockerfile.stages.flatMap(\.instructions) {
            switch instruction.syntax {
            case .env(let env) where env.isLegacyForm: add("ENV", env.pairs.first, instruction, &findings)
            case .label(let label) where label.isLegacyForm: add("LABEL", label.pairs.first, instruction, &findings)
            default: break
            }
        }
    }

    private func add(
        _ keyword: String,
        _ pair: KeyValue?,
        _ instruction: Located<Instruction>,
        _ findings: inout FindingCollector
    ) {
        let name = pair?.key ?? "name"
        findings.add(
            "\(keyword) has a blank between name and value, an old form that takes the whole line as one value",
            at: instruction.keyword,
            hint: "write `\(keyword) \(name)=…`, with quotes around a value with blanks"
        )
    }
}
