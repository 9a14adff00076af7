import ByteStrings
import DockerfileSyntax
import SourceDiagnostics

/// Finds ADD where nothing is fetched or unpacked.
struct AddInsteadOfCopy: LintRule {
    let description = RuleDescription(
        name: "AddInsteadOfCopy",
        summary: "Files that are neither fetched nor unpacked are copied with COPY."
    )

    private static let archiveSuffixes: [ByteString] = [
        ".tar", ".tgz", ".tbz", ".tbz2", ".txz", ".tzst", ".taz", ".gz", ".bz2", ".xz", ".zst", ".z", ".lzma",
    ]

    func check(_ subject: LintSubject, _ findings: inout FindingCollector) {
        var visitor = Visitor(findings: findings)
        StageWalk.run(subject, &visitor)
        findings = visitor.findings
    }

    private struct Visitor: StageVisitor {
        var findings: FindingCollector

        mutating func visit(_ instruction: Located<Instruction>, of stage: Int, _ scope: Scope) {
            guard case .add(let add) = instruction.syntax, add.checksum == nil, add.keepGitDirectory == nil,
                add.unpack != true, add.sources.allSatisfy({ AddInsteadOfCopy.isPlain($0, scope) })
            else { return }
            findings.add(
                "ADD does no more here than COPY does",
                at: instruction.keyword,
                hint: "write COPY: it never unpacks anything by surprise"
            )
        }
    }

    private static func isPlain(_ source: CopySource, _ scope: Scope) -> Bool {
        guard case .path(let written) = source else { return true }
        guard let path = scope.expand(written), !RemoteSource.isAddress(path) else { return false }
        // A pattern may select archives as well.
        if path.bytes.contains(where: { "*?[".utf8.contains($0) }) { return false }
        let name = path.lowercasedASCII
        return !archiveSuffixes.contains { name.hasSuffix($0) }
    }
}
