import ByteStrings
import DockerfileSyntax
import SourceDiagnostics

/// Finds FROM lines that ask for what they get anyway.
struct RedundantTargetPlatform: LintRule {
    let description = RuleDescription(
        name: "RedundantTargetPlatform",
        summary: "FROM does not ask for the target platform, which is the default."
    )

    func check(_ subject: LintSubject, _ findings: inout FindingCollector) {
        let escape = subject.dockerfile.escape
        for stage in subject.dockerfile.stages {
            guard let written = stage.from.syntax.platform, !findings.isFull,
                GlobalVariables.uses(in: written, escape: escape) == ["TARGETPLATFORM"],
                let platform = subject.globals.values["TARGETPLATFORM"],
                subject.globals.expand(written, escape: escape) == platform
            else { continue }
            findings.add(
                "`\(written)` is the platform a stage has without --platform",
                at: subject.words(of: stage.from.range).flag("platform") ?? stage.from.keyword,
                hint: "leave --platform out"
            )
        }
    }
}
