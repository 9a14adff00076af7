import SourceDiagnostics

/// A report as a SARIF 2.1.0 log, which code hosts and editors read.
///
/// Source: OASIS, Static Analysis Results Interchange Format 2.1.0.
package struct SARIFDocument: Sendable {
    private let files: [LintedFile]
    private let rules: [RuleDescription]
    private let version: String
    private let pages: String

    /// A log about files; `rules` are all that were looked for.
    ///
    /// `pages` is put before the path of every rule's page; without it the log has no addresses, since they must be
    /// absolute. The version is slipway's own, and may be empty.
    package init(_ files: [LintedFile], rules: RuleSet, version: String = "", pages: String = "") {
        self.files = files
        self.rules = rules.descriptions
        self.version = version
        self.pages = pages
    }

    /// The document, with a line feed at its end.
    package var text: String {
        let indices = Dictionary(rules.enumerated().map { ($1.name, $0) }) { first, _ in first }
        var results: [JSONNode] = []
        for (number, file) in files.enumerated() {
            results += file.errors.map { result($0, rule: nil, of: file.source, number) }
            results += file.report.findings.map {
                result($0.diagnostic, rule: indices[$0.rule.name], of: file.source, number)
            }
        }
        let artifacts = files.map { file -> JSONNode in ["location": ["uri": .string(Self.address(file.source))]] }
        let run: JSONNode = [
            "tool": ["driver": driver],
            "artifacts": .array(artifacts),
            "columnKind": "unicodeCodePoints",
            "results": .array(results),
        ]
        let log: JSONNode = [
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": .array([run]),
        ]
        return log.indentedText + "\n"
    }

    private var driver: JSONNode {
        var members: [JSONNode.Member] = [.init("name", "slipway")]
        if !version.isEmpty { members.append(.init("version", .string(version))) }
        members.append(.init("rules", .array(rules.map(rule))))
        return .object(members)
    }

    private func rule(_ rule: RuleDescription) -> JSONNode {
        var members: [JSONNode.Member] = [
            .init("id", .string(rule.name)), .init("shortDescription", ["text": .string(rule.summary)]),
        ]
        if !pages.isEmpty { members.append(.init("helpUri", .string(pages + rule.page))) }
        members.append(.init("defaultConfiguration", ["level": "warning"]))
        return .object(members)
    }

    private func result(_ diagnostic: Diagnostic, rule: Int?, of source: SourceText, _ number: Int) -> JSONNode {
        var members: [JSONNode.Member] = [.init("ruleId", .string(diagnostic.id.rawValue))]
        if let rule { members.append(.init("ruleIndex", .integer(Int64(rule)))) }
        members.append(.init("level", .string(diagnostic.severity.rawValue)))
        let text = ([diagnostic.message] + diagnostic.notes + [diagnostic.hint].compactMap(\.self))
            .joined(separator: "\n")
        members.append(.init("message", ["text": .string(text)]))
        let file: JSONNode = ["uri": .string(Self.address(source)), "index": .integer(Int64(number))]
        var place: [JSONNode.Member] = [.init("artifactLocation", file)]
        if let range = diagnostic.range { place.append(.init("region", Self.region(range, in: source))) }
        members.append(.init("locations", .array([["physicalLocation": .object(place)]])))
        return .object(members)
    }

    /// The range with columns in characters; the end column is that of the character behind the last one.
    private static func region(_ range: SourceRange, in source: SourceText) -> JSONNode {
        [
            "startLine": .integer(Int64(range.start.line)), "startColumn": column(range.start, in: source),
            "endLine": .integer(Int64(range.end.line)), "endColumn": column(range.end, in: source),
        ]
    }

    private static func column(_ location: SourceLocation, in source: SourceText) -> JSONNode {
        let before = source.lineWithEnd(location.line).prefix(max(0, location.column - 1))
        return .integer(Int64(String(decoding: before, as: UTF8.self).unicodeScalars.count + 1))
    }

    /// The file's name as a reference; what may not stand in one is escaped.
    ///
    /// Source: RFC 3986, section 3.3.
    private static func address(_ source: SourceText) -> String {
        var address = source.name.hasPrefix("/") ? "file://" : ""
        for byte in source.name.utf8 {
            let lower = byte | 0x20
            let isPlain = (lower >= 0x61 && lower <= 0x7A) || "0123456789-._~/".utf8.contains(byte)
            if isPlain {
                address.unicodeScalars.append(UnicodeScalar(byte))
            } else {
                address += (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
            }
        }
        return address
    }
}
