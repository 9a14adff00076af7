import ByteStrings
import DockerfileSyntax
import SourceDiagnostics

/// Finds values of ENV that mean a variable set earlier on the same line, and get its old value.
struct EnvUsesOwnLine: LintRule {
    let description = RuleDescription(
        name: "EnvUsesOwnLine",
        summary: "ENV uses no variable that the same instruction sets."
    )

    func check(_ subject: LintSubject, _ findings: inout FindingCollector) {
        for instruction in subject.dockerfile.stages.flatMap(\.instructions) where !findings.isFull {
            guard case .env(let env) = instruction.syntax, env.pairs.count > 1 else { continue }
            var places = ArgumentPlaces(instruction)
            var earlier: Set<ByteString> = []
            for pair in env.pairs {
                let own = pair.key.withoutQuotes
                let used = ExpandedWord(text: pair.value).names(escape: subject.dockerfile.escape)
                for name in used.sorted() where name != own && earlier.contains(name) {
                    findings.add(
                        "`\(own)` gets the value `$\(name)` had before this line, not the one the line gives it",
                        at: places.place(of: pair.key, in: subject),
                        hint: "set `\(own)` in an ENV of its own below"
                    )
                }
                earlier.insert(own)
            }
        }
    }
}
