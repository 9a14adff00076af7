import ByteStrings
import DockerfileSyntax
import SourceDiagnostics

/// Finds arguments and variables that are called as a secret would be.
struct SecretsUsedInArgOrEnv: LintRule {
    let description = RuleDescription(
        name: "SecretsUsedInArgOrEnv",
        summary: "Secrets are not handed over in ARG or ENV, which the image keeps."
    )

    private static let telling: Set<ByteString> = [
        "apikey", "auth", "credential", "credentials", "key", "password", "pword", "passwd", "secret", "token",
    ]
    private static let harmless: Set<ByteString> = ["public", "file", "version"]

    func check(_ subject: LintSubject, _ findings: inout FindingCollector) {
        for instruction in subject.dockerfile.stages.flatMap(\.instructions) {
            switch instruction.syntax {
            case .env(let env): check(env.pairs.map(\.key), "ENV", instruction, subject, &findings)
            case .arg(let arg): check(arg.declarations.map(\.name), "ARG", instruction, subject, &findings)
            default: break
            }
        }
    }

    private func check(
        _ names: [ByteString],
        _ keyword: String,
        _ instruction: Located<Instruction>,
        _ subject: LintSubject,
        _ findings: inout FindingCollector
    ) {
        var places = ArgumentPlaces(instruction)
        for name in names where Self.soundsSecret(name) && !findings.isFull {
            findings.add(
                "`\(name.withoutQuotes)` sounds like a secret, and \(keyword) leaves its value in the image for everybody",
                at: places.place(of: name, in: subject),
                hint: "mount it where it is needed: `RUN --mount=type=secret,id=…,env=\(name.withoutQuotes)`"
            )
        }
    }

    /// Whether a word between underscores tells of a secret, and none that the name is only about one.
    static func soundsSecret(_ name: ByteString) -> Bool {
        let words = Set(
            name.withoutQuotes.lowercasedASCII.bytes.split(separator: UInt8(ascii: "_")).map { ByteString($0) }
        )
        return !words.isDisjoint(with: telling) && words.isDisjoint(with: harmless)
    }
}
