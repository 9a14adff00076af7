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

    /// What a line is to the reader.
    enum Line {
        /// A directive, or a `#!` line: no comment.
        case directive
        case other
    }

    private(set) var directives: [ParserDirective] = []
    private(set) var escape = UInt8(ascii: "\\")
    private(set) var checks = CheckSettings()
    private(set) var diagnostics: [Diagnostic] = []
    /// The value of a `syntax` directive that starts its line.
    private(set) var syntax: Word?
    private var zone = Zone.open

    init() {}

    /// A reader for text behind the directives.
    init(escape: UInt8) {
        self.escape = escape
        zone = .closed
    }

    /// Looks at a line, given without blanks at its front.
    mutating func read(_ line: ArraySlice<UInt8>, number: Int, in source: SourceText) -> Line {
        if zone == .closed { return .other }
        guard line.first == UInt8(ascii: "#") else {
            zone = .closed
            return .other
        }
        if number == 1, line.dropFirst().first == UInt8(ascii: "!") {
            zone = .belowShebang
            return .directive
        }
        guard let parts = DirectiveParts(line.dropFirst()), zone == .open || parts.name != "escape" else {
            zone = .closed
            return .other
        }
        let range = source.range(line.startIndex..<line.trimmingTrailingBlanks.endIndex)
        if let first = directives.first(where: { $0.name == parts.name }) {
            report("DuplicateDirective", "only one \(parts.name) parser directive can be used", range)
            diagnostics[diagnostics.count - 1].notes = ["the first one is on line \(first.range.start.line)"]
            return .directive
        }
        directives.append(ParserDirective(name: parts.name, value: ByteString(parts.value), range: range))
        switch parts.name {
        case "escape": readEscape(parts.value, source)
        case "check": readChecks(parts.value, source)
        default:
            // Indented, the line does not choose who reads the file.
            let mark = number == 1 && source.bytes.starts(with: LineReader.byteOrderMark)
            if range.start.column == (mark ? LineReader.byteOrderMark.count : 0) + 1 {
                syntax = Word(text: ByteString(parts.value), part: parts.value.startIndex..<parts.value.endIndex)
            }
        }
        return .directive
    }

    private mutating func readEscape(_ value: ArraySlice<UInt8>, _ source: SourceText) {
        guard value.count == 1, let byte = value.first, byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "`") else {
            report(
                "InvalidEscape",
                "invalid escape token `\(ByteString(value))`: it is a backslash or a backtick",
                source.range(value.startIndex..<value.endIndex)
            )
            return
        }
        escape = byte
    }

    private mutating func readChecks(_ value: ArraySlice<UInt8>, _ source: SourceText) {
        var unknown: [Range<Int>] = []
        checks = CheckSettings(parsing: value, unknown: &unknown)
        for part in unknown.prefix(Self.mostCheckWarnings) {
            report(
                "InvalidCheck",
                "`\(ByteString(source.bytes[part]))` means nothing to the check directive",
                source.range(part),
                .warning,
                hint: "it takes skip=NAME,…, experimental=NAME,… and error=true, with semicolons between them"
            )
        }
    }

    private static let mostCheckWarnings = 20

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
