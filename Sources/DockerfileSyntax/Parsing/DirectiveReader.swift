import ByteStrings
import SourceDiagnostics

/// Recognises `# name=value` lines, which count only at the very top of the file.
struct DirectiveReader {
    private enum Zone {
        case open
        /// Below a `#!` line, which hides the escape directive but not the others.
        case belowShebang
        case closed
    }

    private(set) var directives: [ParserDirective] = []
    private(set) var escape = UInt8(ascii: "\\")
    private(set) var checks = CheckSettings()
    private(set) var diagnostics: [Diagnostic] = []
    private var zone = Zone.open

    init() {}

    /// Looks at a line, given without blanks at its front.
    mutating func read(_ line: ArraySlice<UInt8>, number: Int, in source: SourceText) {
        if zone == .closed { return }
        guard line.first == UInt8(ascii: "#") else {
            zone = .closed
            return
        }
        let content = line.dropFirst()
        if number == 1, content.first == UInt8(ascii: "!") {
            zone = .belowShebang
            return
        }
        let range = source.range(line.startIndex..<line.trimmingTrailingBlanks.endIndex)
        guard let directive = Self.directive(content.trimmingLeadingBlanks, at: range),
            zone == .open || directive.name != "escape"
        else {
            zone = .closed
            return
        }
        if directives.contains(where: { $0.name == directive.name }) {
            report("DuplicateDirective", "only one \(directive.name) parser directive can be used", range)
            return
        }
        directives.append(directive)
        switch directive.name {
        case "escape": readEscape(directive)
        case "check": readChecks(directive)
        default: break
        }
    }

    private static func directive(_ content: ArraySlice<UInt8>, at range: SourceRange) -> ParserDirective? {
        var end = content.startIndex
        while end < content.endIndex, isNameByte(content[end], first: end == content.startIndex) { end += 1 }
        guard end > content.startIndex else { return nil }
        let afterName = content[end...].trimmingLeadingBlanks
        guard afterName.first == UInt8(ascii: "=") else { return nil }
        let value = afterName.dropFirst().trimmingBlanks
        let name = ByteString(content[..<end].map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 })
        guard !value.isEmpty, name == "syntax" || name == "escape" || name == "check" else { return nil }
        return ParserDirective(name: name, value: ByteString(value), range: range)
    }

    private static func isNameByte(_ byte: UInt8, first: Bool) -> Bool {
        let lower = byte | 0x20
        return (lower >= 0x61 && lower <= 0x7A) || (!first && GoLiteral.isDigit(byte))
    }

    private mutating func readEscape(_ directive: ParserDirective) {
        guard directive.value == "\\" || directive.value == "`" else {
            report(
                "InvalidEscape",
                "invalid escape token `\(directive.value)`: it is a backslash or a backtick",
                directive.range
            )
            return
        }
        escape = directive.value[0]
    }

    private mutating func readChecks(_ directive: ParserDirective) {
        var unknown: [ByteString] = []
        checks = CheckSettings(parsing: directive.value, unknown: &unknown)
        guard let first = unknown.first else { return }
        report(
            "InvalidCheck",
            "`\(first)` means nothing to the check directive",
            directive.range,
            .warning,
            hint: "it takes skip=NAME,…, experimental=NAME,… and error=true, with semicolons between them"
        )
    }

    private mutating func report(
        _ id: DiagnosticID,
        _ message: String,
        _ range: SourceRange,
        _ severity: Severity = .error,
        hint: String? = nil
    ) {
        diagnostics.append(Diagnostic(severity: severity, id: id, message: message, range: range, hint: hint))
    }
}
