import ByteStrings
import DockerfileSyntax
import OCIModel
import SourceDiagnostics

/// Finds stages bound to one platform by a constant.
struct FromPlatformFlagConstDisallowed: LintRule {
    let description = RuleDescription(
        name: "FromPlatformFlagConstDisallowed",
        summary: "The platform of FROM comes from a variable, unless the stage's name speaks of it."
    )

    func check(_ subject: LintSubject, _ findings: inout FindingCollector) {
        for stage in subject.dockerfile.stages {
            let from = stage.from.syntax
            guard let written = from.platform, !findings.isFull,
                GlobalVariables.uses(in: written, escape: subject.dockerfile.escape).isEmpty,
                let text = subject.globals.expand(written, escape: subject.dockerfile.escape),
                let platform = text.validatedString.flatMap({ try? Platform($0) })
            else { continue }
            if let name = from.stageName?.lowercasedASCII,
                name.contains(ByteString(platform.os)) || name.contains(ByteString(platform.architecture))
            {
                continue
            }
            findings.add(
                "the stage is bound to the platform `\(text)`, whatever is built for",
                at: subject.words(of: stage.from.range).flag("platform") ?? stage.from.keyword,
                hint:
                    "leave --platform out, use a variable such as `$BUILDPLATFORM`, or put `\(platform.architecture)` "
                    + "into the stage's name"
            )
        }
    }
}
