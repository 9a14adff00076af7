import ArgumentParser
import ByteStrings
import DockerfileLint
import LinuxSystem
import SlipwayEngine
import SourceDiagnostics

/// The `slipway lint` command.
struct LintCommand: ParsableCommand {
    enum Format: String, CaseIterable, ExpressibleByArgument {
        case text
        case json
        case sarif
    }

    static let configuration = CommandConfiguration(
        commandName: "lint",
        abstract: "Look over Dockerfiles for mistakes, without building.",
        discussion: """
            Knows every rule of `slipway build --check` and more; docs/rules explains each. Ends with status 1 when \
            anything is found.
            """
    )

    @Option(help: "How findings are printed: text, json or sarif.")
    var format = Format.text

    @Option(help: "The build context, for what its ignore file hides (default: the Dockerfile's folder).")
    var context: String?

    @Option(help: "What precedes docs/rules/NAME.md in the addresses of a SARIF log.")
    var pages = ""

    @Option(help: "Rules to leave out, comma separated, or all; may be repeated.")
    var skip: [String] = []

    @Option(help: "NAME=VALUE for an ARG; may be repeated.")
    var buildArg: [String] = []

    @Flag(help: "End with status 0 whatever is found.")
    var noFail = false

    @Argument(help: "Dockerfiles, or - for standard input (default: ./Dockerfile).")
    var files: [String] = ["Dockerfile"]

    func run() throws {
        let results = try files.map { file in
            try CommandOutput.value {
                try DockerfileInspection.lint(
                    file == "-" ? nil : ByteString(file),
                    context: context.map { ByteString($0) },
                    arguments: try BuildFlags.parse(buildArguments: buildArg, environment: Host.environment),
                    skipping: Set(skip.flatMap { $0.split(separator: ",").map(String.init) })
                )
            }
        }
        let linted = results.map { LintedFile($0.report, errors: $0.errors, source: $0.source) }
        let text =
            switch format {
            case .text: LintText(linted).text
            case .json: LintText(linted).json
            case .sarif:
                SARIFDocument(linted, rules: .lint, version: SlipwayVersion.number, pages: pages).text
            }
        try StandardStreams.write(to: .output, text)
        if !noFail, results.contains(where: { !$0.isClean }) { throw ExitCode(1) }
    }
}
