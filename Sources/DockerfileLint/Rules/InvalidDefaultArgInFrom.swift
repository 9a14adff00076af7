import ByteStrings
import DockerfileSyntax
import OCIModel
import SourceDiagnostics

/// Finds base names that are none unless somebody gives build arguments.
struct InvalidDefaultArgInFrom: LintRule {
    let description = RuleDescription(
        name: "InvalidDefaultArgInFrom",
        summary: "The defaults of global arguments make every FROM a valid name."
    )

    func check(_ subject: LintSubject, _ findings: inout FindingCollector) {
        let escape = subject.dockerfile.escape
        let defaults = GlobalVariables(of: subject.dockerfile, in: subject.environment, given: [:])
        for stage in subject.dockerfile.stages {
            let written = stage.from.syntax.image
            let names = GlobalVariables.uses(in: written, escape: escape)
            // A name nobody declared is another rule's matter.
            guard !findings.isFull, !names.isEmpty, names.isSubset(of: defaults.names),
                let name = defaults.expand(written, escape: escape), !Self.isName(name)
            else { continue }
            let unset = names.subtracting(defaults.values.keys).sorted()
            let argument = unset.first ?? names.sorted().first ?? ""
            findings.add(
                name.isEmpty
                    ? "`\(written)` is empty without a build argument"
                    : "`\(written)` comes to `\(name)` without a build argument, which is no name of an image",
                at: subject.place(of: written, in: stage.from),
                hint: "give `\(argument)` a default: `ARG \(argument)=…` before the first FROM"
            )
        }
    }

    private static func isName(_ name: ByteString) -> Bool {
        guard let text = name.validatedString else { return false }
        return (try? ImageReference(text)) != nil
    }
}
