import ByteStrings
import DockerfileSyntax
import SourceDiagnostics

/// Finds stages that copy or mount from themselves.
struct CopyFromOwnStage: LintRule {
    let description = RuleDescription(
        name: "CopyFromOwnStage",
        summary: "A stage takes files from other stages only."
    )

    func check(_ subject: LintSubject, _ findings: inout FindingCollector) {
        for (index, stage) in subject.dockerfile.stages.enumerated() {
            let own = stage.from.syntax.stageName?.lowercasedASCII
            for instruction in stage.instructions where !findings.isFull {
                let (origins, flag) = Self.origins(of: instruction.syntax)
                for origin in origins where origin.decimalNumber == index || origin.lowercasedASCII == own {
                    findings.add(
                        "`\(origin)` is the stage that this instruction belongs to",
                        at: subject.words(of: instruction.range).flag(flag) ?? instruction.keyword,
                        hint: "name an earlier stage, or use RUN to copy within the stage"
                    )
                }
            }
        }
    }

    private static func origins(of instruction: Instruction) -> (origins: [ByteString], flag: ByteString) {
        switch instruction {
        case .copy(let copy): ([copy.from].compactMap(\.self), "from")
        case .run(let run): (run.mounts.compactMap { (try? RunMount(parsing: $0))?.from }, "mount")
        default: ([], "from")
        }
    }
}
