import DockerfileSyntax
import SourceDiagnostics

/// Finds MAINTAINER.
struct MaintainerDeprecated: LintRule {
    let description = RuleDescription(
        name: "MaintainerDeprecated",
        summary: "The author of an image is named by a label."
    )

    func check(_ subject: LintSubject, _ findings: inout FindingCollector) {
        for instruction in subject.dockerfile.stages.flatMap(\.instructions) {
            guard case .maintainer(let maintainer) = instruction.syntax else { continue }
            findings.add(
                "MAINTAINER is out of use: a label says the same where more programs find it",
                at: instruction.keyword,
                hint: "write `LABEL org.opencontainers.image.authors=\"\(maintainer.name.withoutQuotes)\"`"
            )
        }
    }
}
