import ByteStrings
import SourceDiagnostics

/// Finds port numbers that no port has.
struct InvalidPort: LintRule {
    let description = RuleDescription(
        name: "InvalidPort",
        summary: "Ports of EXPOSE are numbers up to 65535."
    )

    func check(_ subject: LintSubject, _ findings: inout FindingCollector) {
        ExposedPorts.check(subject, &findings) { port, place, findings in
            let bounds = port.number.bytes.split(separator: UInt8(ascii: "-")).map { ByteString($0) }
            guard let wrong = bounds.first(where: Self.isTooHigh) else { return }
            findings.add(
                "`\(wrong)` is no port: the highest is 65535",
                at: place,
                hint: "check the number"
            )
        }
    }

    private static func isTooHigh(_ text: ByteString) -> Bool {
        guard !text.isEmpty, text.bytes.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains) else {
            return false
        }
        return (text.decimalNumber ?? Int.max) > 65_535
    }
}
