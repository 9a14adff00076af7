import ByteStrings
import DockerfileSyntax
import SourceDiagnostics

/// Finds names of instructions in letters other than those of most.
struct ConsistentInstructionCasing: LintRule {
    let description = RuleDescription(
        name: "ConsistentInstructionCasing",
        summary: "All instructions of a file are named in capitals, or all in small letters."
    )

    func check(_ subject: LintSubject, _ findings: inout FindingCollector) {
        let places = subject.dockerfile.stages.flatMap { [$0.from.keyword] + $0.instructions.map(\.keyword) }
        let names = places.map { subject.source.text(of: $0) }
        // Names of mixed letters have no say.
        let small = names.count { $0 == $0.lowercasedASCII }
        let capital = names.count { $0 == $0.uppercasedASCII }
        let isSmall = small > capital
        let reason = small == capital ? "" : " as most instructions here are"
        for (name, place) in zip(names, places) {
            let right = isSmall ? name.lowercasedASCII : name.uppercasedASCII
            if name == right { continue }
            findings.add(
                "`\(name)` is not written in \(isSmall ? "small letters" : "capitals")\(reason)",
                at: place,
                hint: "write `\(right)`"
            )
        }
    }
}
