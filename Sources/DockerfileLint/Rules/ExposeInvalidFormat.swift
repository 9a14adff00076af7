import ByteStrings
import SourceDiagnostics

/// Finds ports of EXPOSE with an address or a port of the host.
struct ExposeInvalidFormat: LintRule {
    let description = RuleDescription(
        name: "ExposeInvalidFormat",
        summary: "EXPOSE names ports of the container, and neither addresses nor ports of the host."
    )

    func check(_ subject: LintSubject, _ findings: inout FindingCollector) {
        ExposedPorts.check(subject, &findings) { port, place, findings in
            guard let host = port.host, !host.isEmpty else { return }
            let rest = port.transport.map { "\(port.number)/\($0)" } ?? "\(port.number)"
            findings.add(
                "`\(port.text)` names something of the host, `\(host)`, which EXPOSE drops",
                at: place,
                hint: "write `EXPOSE \(rest)`, and publish ports when a container is started"
            )
        }
    }
}
