import ByteStrings
import DockerfileSyntax
import OCIModel
import SourceDiagnostics

/// Finds base images that are another image every other day.
struct UnpinnedBaseImage: LintRule {
    let description = RuleDescription(
        name: "UnpinnedBaseImage",
        summary: "Base images have a tag other than `latest`, or a digest."
    )

    func check(_ subject: LintSubject, _ findings: inout FindingCollector) {
        for (stage, facts) in zip(subject.dockerfile.stages, subject.stages) {
            guard let name = facts.baseName, facts.base == nil, !facts.isScratch, let text = name.validatedString,
                let reference = try? ImageReference(text), reference.tag == "latest", reference.digest == nil
            else { continue }
            let isWritten = name.hasSuffix(":latest")
            findings.add(
                isWritten
                    ? "`\(name)` is another image with every release" : "`\(name)` has no tag, which means `latest`",
                at: subject.place(of: stage.from.syntax.image, in: stage.from),
                hint: "name a version: `\(reference.familiarRepository):…`, or pin it with `@sha256:…`"
            )
        }
    }
}
