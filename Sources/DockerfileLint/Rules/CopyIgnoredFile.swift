import ByteStrings
import DockerfileSyntax
import SourceDiagnostics

/// Finds sources of COPY and ADD that the ignore file hides.
struct CopyIgnoredFile: LintRule {
    let description = RuleDescription(
        name: "CopyIgnoredFile",
        summary: "COPY and ADD take nothing that the ignore file keeps out of the context."
    )

    func check(_ subject: LintSubject, _ findings: inout FindingCollector) {
        var visitor = Visitor(subject: subject, findings: findings)
        StageWalk.run(subject, &visitor)
        findings = visitor.findings
    }

    private struct Visitor: StageVisitor {
        let subject: LintSubject
        var findings: FindingCollector

        mutating func visit(_ instruction: Located<Instruction>, of stage: Int, _ scope: Scope) {
            switch instruction.syntax {
            case .copy(let copy) where copy.from == nil: check(copy.sources, "COPY", instruction, scope)
            case .add(let add): check(add.sources, "ADD", instruction, scope)
            default: break
            }
        }

        private mutating func check(
            _ sources: [CopySource],
            _ keyword: String,
            _ instruction: Located<Instruction>,
            _ scope: Scope
        ) {
            var places = ArgumentPlaces(instruction)
            for case .path(let written) in sources {
                guard let path = scope.expand(written), !RemoteSource.isAddress(path) else { continue }
                guard let line = hidingLine(of: path) else { continue }
                findings.add(
                    "`\(path)` is hidden from \(keyword) by the ignore file",
                    at: places.place(of: written, in: subject),
                    notes: ["its line `\(line)` matches"],
                    hint: "take the line out of the ignore file, or add one that starts with `!` for this path"
                )
            }
        }

        private func hidingLine(of path: ByteString) -> String? {
            let clean = ByteString(path.lexicallyCleanedAbsolute.dropFirst())
            // The root of the context is no path that could be hidden.
            guard !clean.isEmpty else { return nil }
            let components = clean.pathComponents
            let wildcards = components.firstIndex { part in part.bytes.contains { "*?[\\".utf8.contains($0) } }
            guard let wildcards else { return subject.environment.hiddenBy(clean) }
            // What a pattern selects is surely hidden only with the folder it is in, or by the pattern itself.
            let folder = components[..<wildcards].joinedAsPath
            if !folder.isEmpty, let line = subject.environment.hiddenBy(folder) { return line }
            let line = subject.environment.hiddenBy(clean)
            return line == clean.description ? line : nil
        }
    }
}
