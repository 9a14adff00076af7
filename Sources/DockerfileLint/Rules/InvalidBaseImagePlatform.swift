import DockerfileSyntax
import OCIModel
import SourceDiagnostics

/// Finds base images made for another machine.
struct InvalidBaseImagePlatform: LintRule {
    let description = RuleDescription(
        name: "InvalidBaseImagePlatform",
        summary: "The base image is one for the platform that is built for."
    )

    func check(_ subject: LintSubject, _ findings: inout FindingCollector) {
        for (stage, facts) in zip(subject.dockerfile.stages, subject.stages) {
            guard let name = facts.baseName, let actual = facts.image?.platform else { continue }
            let expected = facts.platform ?? subject.environment.platform
            if actual.os == expected.os, actual.architecture == expected.architecture { continue }
            findings.add(
                "the base image `\(name)` is for `\(actual)`, but the stage for `\(expected)`",
                at: subject.place(of: stage.from.syntax.image, in: stage.from),
                hint: "name an image that exists for `\(expected)`"
                    + (facts.platform == nil ? ", or say with --platform that the other one is meant" : "")
            )
        }
    }
}
