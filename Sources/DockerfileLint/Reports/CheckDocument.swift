package import SourceDiagnostics

/// A report as JSON in the shape of `docker build --call=check,format=json`.
///
/// Empty fields are left out, zeros among them. Lines are counted from 1 and characters, which are bytes here, from 0.
/// Source: BuildKit, the result of the `frontend.lint` request.
package struct CheckDocument: Sendable {
    private let report: LintReport
    private let source: SourceText
    private let buildError: Diagnostic?
    private let pages: String

    /// A document about one file; `buildError` is why nothing could be built of it, or nil.
    ///
    /// `pages` is put before the path of every rule's page, and may be empty.
    package init(_ report: LintReport, source: SourceText, buildError: Diagnostic? = nil, pages: String = "") {
        self.report = report
        self.source = source
        self.buildError = buildError
        self.pages = pages
    }

    /// The document, with a line feed at its end.
    package var text: String {
        var members: [JSONNode.Member] = [
            .init("warnings", .array(report.findings.map(warning))), .init("sources", .array([file])),
        ]
        if let buildError {
            let error: JSONNode = [
                "message": .string(buildError.message), "location": buildError.range?.buildKitLocation ?? .object([]),
            ]
            members.append(.init("buildError", error))
        }
        return JSONNode.object(members).indentedText + "\n"
    }

    private func warning(_ finding: LintFinding) -> JSONNode {
        [
            "ruleName": .string(finding.rule.name),
            "description": .string(finding.rule.summary),
            "url": .string(pages + finding.rule.page),
            "detail": .string(finding.diagnostic.message),
            "location": finding.diagnostic.range?.buildKitLocation ?? .object([]),
        ]
    }

    private var file: JSONNode {
        var members: [JSONNode.Member] = [.init("filename", .string(source.name))]
        if !source.bytes.isEmpty { members.append(.init("data", .string(source.base64))) }
        members.append(.init("language", "Dockerfile"))
        return .object(members)
    }
}
