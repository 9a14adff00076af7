import ByteStrings
import DockerfileSyntax
import SourceDiagnostics

/// Finds what is meant as a JSON array, is none, and silently becomes something else.
struct MalformedJSONForm: LintRule {
    let description = RuleDescription(
        name: "MalformedJSONForm",
        summary: "What looks like a JSON array is one."
    )

    func check(_ subject: LintSubject, _ findings: inout FindingCollector) {
        for instruction in subject.dockerfile.stages.flatMap(\.instructions) {
            guard let (text, becomes) = Self.text(of: instruction.syntax), let reason = Self.reason(text) else {
                continue
            }
            findings.add(
                "this is no JSON array, so it is taken as \(becomes)",
                at: instruction.keyword,
                notes: [reason],
                hint: "write it as in `[\"one\", \"two\"]`, with `\\\\` for every backslash"
            )
        }
    }

    /// What may be an array gone wrong, and what it is taken for.
    private static func text(of instruction: Instruction) -> (text: ByteString, becomes: String)? {
        switch instruction {
        case .run(let run): run.heredocs.isEmpty ? text(of: run.command) : nil
        case .cmd(let cmd): text(of: cmd.command)
        case .entrypoint(let entrypoint): text(of: entrypoint.command)
        case .healthcheck(.command(let command, _)): text(of: command)
        case .volume(let volume): (joined(volume.paths), "a path")
        case .copy(let copy): (joined(paths(copy.sources) + [copy.destination]), "paths")
        case .add(let add): (joined(paths(add.sources) + [add.destination]), "paths")
        default: nil
        }
    }

    private static func text(of command: CommandForm) -> (text: ByteString, becomes: String)? {
        guard case .shell(let text) = command else { return nil }
        return (text, "a command for the shell")
    }

    private static func joined(_ words: [ByteString]) -> ByteString {
        ByteString(Array(words.map(\.bytes).joined(separator: [0x20])))
    }

    private static func paths(_ sources: [CopySource]) -> [ByteString] {
        sources.compactMap { source in
            guard case .path(let path) = source else { return nil }
            return path
        }
    }

    /// Why a text that begins as no command or path does is no array; nil for any other text.
    private static func reason(_ text: ByteString) -> String? {
        guard text.bytes.first == UInt8(ascii: "[") else { return nil }
        let rest = ByteString(text.bytes.dropFirst().drop { $0 == 0x20 || $0 == 0x09 })
        let quotes: [(ByteString, String)] = [
            ("\"", "there is a mistake inside, or something behind the bracket"),
            ("'", "JSON strings stand between double quotes"),
            ("\u{201C}", "the quotes are typographic ones"), ("\u{2018}", "the quotes are typographic ones"),
        ]
        guard let (quote, reason) = quotes.first(where: { rest.hasPrefix($0.0) }) else { return nil }
        // With a blank behind the bracket it may be the shell's own test.
        let isTight = rest.count + 1 == text.count
        if !isTight, !text.contains(quote + ByteString(",")) { return nil }
        return reason
    }
}
