import ByteStrings
import DockerfileSyntax
import SourceDiagnostics

/// Finds CMD and ENTRYPOINT that leave the program behind a shell.
struct JSONArgsRecommended: LintRule {
    let description = RuleDescription(
        name: "JSONArgsRecommended",
        summary: "CMD and ENTRYPOINT are JSON arrays, so that signals reach the program itself."
    )

    func check(_ subject: LintSubject, _ findings: inout FindingCollector) {
        // Whether each stage leaves a chosen shell to those that start from it.
        var hasShell: [Bool] = []
        for (stage, facts) in zip(subject.dockerfile.stages, subject.stages) {
            var isChosen = facts.base.map { hasShell[$0] } ?? facts.image?.hasShell ?? false
            var isTriggered = false
            for instruction in stage.instructions {
                switch instruction.syntax {
                case .shell: isChosen = true
                case .onbuild(let onbuild):
                    if case .shell = onbuild.trigger.syntax { isTriggered = true }
                case .cmd(let cmd) where !isChosen: check(cmd.command, "CMD", instruction, &findings)
                case .entrypoint(let entrypoint) where !isChosen:
                    check(entrypoint.command, "ENTRYPOINT", instruction, &findings)
                default: break
                }
            }
            hasShell.append(isChosen || isTriggered)
        }
    }

    private func check(
        _ command: CommandForm,
        _ keyword: String,
        _ instruction: Located<Instruction>,
        _ findings: inout FindingCollector
    ) {
        guard case .shell(let text) = command, !text.isEmpty else { return }
        findings.add(
            "\(keyword) in shell form runs the program below a shell, which keeps signals from it",
            at: instruction.keyword,
            notes: text.bytes.first == UInt8(ascii: "[") ? ["what looks like a JSON array is none"] : [],
            hint: "write `\(keyword) [\"program\", \"argument\"]`, or name the shell with SHELL if it is wanted"
        )
    }
}
