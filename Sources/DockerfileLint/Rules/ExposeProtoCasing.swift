import ByteStrings
import SourceDiagnostics

/// Finds protocols of EXPOSE with capital letters.
struct ExposeProtoCasing: LintRule {
    let description = RuleDescription(
        name: "ExposeProtoCasing",
        summary: "Protocols in EXPOSE are written in small letters."
    )

    func check(_ subject: LintSubject, _ findings: inout FindingCollector) {
        ExposedPorts.check(subject, &findings) { port, place, findings in
            guard let transport = port.transport, transport != transport.lowercasedASCII else { return }
            findings.add(
                "the protocol `\(transport)` of `\(port.text)` is not in small letters",
                at: place,
                hint: "write `\(port.number)/\(transport.lowercasedASCII)`"
            )
        }
    }
}
