import ByteStrings
import DockerfileSyntax
import SourceDiagnostics

/// Shows every port of EXPOSE, expanded, to a rule.
struct ExposedPorts: StageVisitor {
    /// One word of EXPOSE.
    struct Port {
        /// The word as it is expanded.
        var text: ByteString
        /// Everything before the last colon; nil when there is none.
        var host: ByteString?
        /// What stands before the slash.
        var number: ByteString
        /// What stands behind the slash; nil when there is none.
        var transport: ByteString?

        init(_ text: ByteString) {
            self.text = text
            var rest = text.bytes[...]
            if let colon = rest.lastIndex(of: UInt8(ascii: ":")) {
                host = ByteString(rest[..<colon])
                rest = rest[(colon + 1)...]
            }
            if let slash = rest.firstIndex(of: UInt8(ascii: "/")) {
                transport = ByteString(rest[(slash + 1)...])
                rest = rest[..<slash]
            }
            number = ByteString(rest)
        }
    }

    private let subject: LintSubject
    private let report: (Port, SourceRange, inout FindingCollector) -> Void
    private var findings: FindingCollector

    /// Calls `report` with each port and its place.
    static func check(
        _ subject: LintSubject,
        _ findings: inout FindingCollector,
        _ report: @escaping (Port, SourceRange, inout FindingCollector) -> Void
    ) {
        var visitor = ExposedPorts(subject: subject, report: report, findings: findings)
        StageWalk.run(subject, &visitor)
        findings = visitor.findings
    }

    private init(
        subject: LintSubject,
        report: @escaping (Port, SourceRange, inout FindingCollector) -> Void,
        findings: FindingCollector
    ) {
        self.subject = subject
        self.report = report
        self.findings = findings
    }

    mutating func visit(_ instruction: Located<Instruction>, of stage: Int, _ scope: Scope) {
        guard case .expose(let expose) = instruction.syntax else { return }
        var places = ArgumentPlaces(instruction)
        for written in expose.ports {
            for text in scope.expandToWords(written) ?? [] {
                report(Port(text), places.place(of: written, in: subject), &findings)
            }
        }
    }
}
