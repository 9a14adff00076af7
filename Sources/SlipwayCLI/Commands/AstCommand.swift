import ArgumentParser
import ByteStrings
import DockerfileSyntax
import LinuxSystem
import SlipwayEngine
import SourceDiagnostics

/// The `slipway ast` command.
struct AstCommand: ParsableCommand {
    enum Format: String, CaseIterable, ExpressibleByArgument {
        case text
        case json
    }

    static let configuration = CommandConfiguration(
        commandName: "ast",
        abstract: "Print the syntax tree of a Dockerfile, with the place of every piece.",
        discussion: "Ends with status 1 when the Dockerfile has errors; what could be read is printed all the same."
    )

    @Option(help: "How the tree is printed: text or json.")
    var format = Format.text

    @Argument(help: "A Dockerfile, or - for standard input.")
    var file: String

    func run() throws {
        let (parsed, source) = try CommandOutput.value {
            try DockerfileInspection.parse(file == "-" ? nil : ByteString(file))
        }
        let tree = SyntaxTree(parsed, of: source)
        try StandardStreams.write(to: .output, format == .json ? tree.json : tree.text)
        guard parsed.hasErrors else { return }
        // The JSON form holds them already.
        if format == .text {
            let errors = parsed.diagnostics.filter { $0.severity == .error }
            try StandardStreams.write(to: .error, DiagnosticPrinter().render(errors, in: source))
        }
        throw ExitCode(1)
    }
}
