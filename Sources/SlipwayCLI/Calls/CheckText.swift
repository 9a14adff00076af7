import DockerfileLint
import SlipwayEngine
import SourceDiagnostics

/// The answer to `--call=check`.
struct CheckText {
    let result: CheckResult

    /// Every finding with its place, then how many there are.
    var text: String {
        let printer = DiagnosticPrinter()
        let diagnostics = result.errors + result.report.findings.map(\.diagnostic)
        return diagnostics.map { printer.render($0, in: result.source) + "\n" }.joined() + summary + "\n"
    }

    /// The same for programs, in the shape of BuildKit's.
    var json: String {
        CheckDocument(result.report, source: result.source, buildError: result.errors.first).text
    }

    private var summary: String {
        var found: [String] = []
        for (count, word) in [(result.errors.count, "error"), (result.report.findings.count, "warning")] where count > 0
        {
            found.append("\(count) \(word)\(count == 1 ? "" : "s")")
        }
        return "Check complete, \(found.isEmpty ? "no warnings" : found.joined(separator: " and ")) found."
    }
}
