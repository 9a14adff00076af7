/// A diagnostic as one line of JSON.
struct DiagnosticRecord {
    let line: String

    init(_ diagnostic: Diagnostic, file: String?) {
        var fields: [String] = []
        fields.append("\"severity\":" + Self.quoted(diagnostic.severity.rawValue))
        fields.append("\"id\":" + Self.quoted(diagnostic.id.rawValue))
        fields.append("\"message\":" + Self.quoted(diagnostic.message))
        if let file { fields.append("\"file\":" + Self.quoted(file)) }
        if let range = diagnostic.range {
            fields.append("\"start\":" + Self.object(range.start))
            fields.append("\"end\":" + Self.object(range.end))
        }
        if !diagnostic.notes.isEmpty {
            fields.append("\"notes\":[" + diagnostic.notes.map(Self.quoted).joined(separator: ",") + "]")
        }
        if let hint = diagnostic.hint { fields.append("\"hint\":" + Self.quoted(hint)) }
        if let page = diagnostic.documentation { fields.append("\"documentation\":" + Self.quoted(page)) }
        line = "{" + fields.joined(separator: ",") + "}\n"
    }

    private static func object(_ location: SourceLocation) -> String {
        "{\"line\":\(location.line),\"column\":\(location.column)}"
    }

    /// The text as a JSON string; controls beyond those JSON forbids are escaped too, so that a terminal is safe.
    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value):
                let code = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - code.count) + code
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
