import ByteStrings
import DockerfileSyntax
import SourceDiagnostics

/// Finds an AS in other letters than its FROM.
struct FromAsCasing: LintRule {
    let description = RuleDescription(
        name: "FromAsCasing",
        summary: "FROM and AS of one line are both in capitals, or both in small letters."
    )

    func check(_ subject: LintSubject, _ findings: inout FindingCollector) {
        for stage in subject.dockerfile.stages where stage.from.syntax.stageName != nil && !findings.isFull {
            let from = subject.source.text(of: stage.from.keyword)
            // A FROM of mixed letters is another rule's matter.
            let isSmall = from == from.lowercasedASCII
            guard isSmall || from == from.uppercasedASCII else { continue }
            let arguments = subject.words(of: stage.from.range).arguments
            guard arguments.count == 3 else { continue }
            let written = arguments[1].text
            let right = isSmall ? written.lowercasedASCII : written.uppercasedASCII
            if written == right { continue }
            findings.add(
                "`\(written)` is not in the same letters as `\(from)`",
                at: arguments[1].range,
                hint: "write `\(right)`"
            )
        }
    }
}
