import ByteStrings
import DockerfileSyntax
import SourceDiagnostics

/// Finds commands that do nothing but change the folder, which ends with the command.
struct UselessCd: LintRule {
    let description = RuleDescription(
        name: "UselessCd",
        summary: "The folder of later commands is set with WORKDIR."
    )

    func check(_ subject: LintSubject, _ findings: inout FindingCollector) {
        for instruction in subject.dockerfile.stages.flatMap(\.instructions) {
            guard case .run(let run) = instruction.syntax, run.heredocs.isEmpty, case .shell(let text) = run.command
            else { continue }
            let words = text.bytes.split { $0 == 0x20 || $0 == 0x09 }
            guard words.count == 2, words[0].elementsEqual("cd".utf8),
                !words[1].contains(where: { ";&|<>()`\n".utf8.contains($0) })
            else { continue }
            findings.add(
                "`\(text)` has no effect on any later instruction",
                at: instruction.keyword,
                notes: ["every RUN starts in the folder of WORKDIR"],
                hint: "write `WORKDIR \(ByteString(words[1]))`"
            )
        }
    }
}
