import ArgumentParser
import BuildInterface
import ByteStrings
import LinuxSystem
import OCIModel
import SourceDiagnostics
import SlipwayEngine

/// The `slipway build` command: flags to a request, events to lines, results to where they were asked for.
struct BuildCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build",
        abstract: "Build an image from a Dockerfile."
    )

    @OptionGroup var flags: BuildFlags
    @OptionGroup var state: StateFlags

    func run() async throws {
        let environment = Host.environment
        let call = try BuildCall.parse(flags.call, checks: flags.check)
        let request = try flags.resolve(environment: environment)
        guard call.kind == .build else { return try await call.answer(request, state) }
        if request.exports.contains(where: { $0.destination == .standardOutput }), Host.isTerminal(1) {
            throw ValidationError("an archive is not for a terminal: use --output with dest=FILE, or redirect")
        }
        let terminal = Terminal(descriptor: 2, environment: environment)
        let display = try progressStyle(environment).makeDisplay(terminal: terminal)
        let warnings = WarningList()
        let printer = FailurePrinter(terminal: terminal)

        do {
            let engine = try state.openEngine()
            let result = try await InterruptibleWork.run { watch in
                terminal.whenUnread { watch.losesReader() }
                return try await engine.build(request) { event in
                    if case .warning(let diagnostic, let source) = event { warnings.add(diagnostic, source) }
                    display.show(event)
                }
            }
            display.finish(succeeded: true)
            if progressIsShown { printer.show(warnings: warnings) }
            try writeResults(result, request)
        } catch let interruption as Interruption {
            display.finish(succeeded: false)
            printer.show("canceled by \(interruption.signal)")
            throw ExitCode(128 + interruption.signal.rawValue)
        } catch let failure as BuildFailure {
            display.finish(succeeded: false)
            printer.show(failure)
            throw ExitCode(failure.kind.exitStatus)
        }
    }

    private var progressIsShown: Bool {
        !flags.quiet && flags.progress != ProgressStyle.quiet.rawValue
            && flags.progress != ProgressStyle.rawjson.rawValue
    }

    private func progressStyle(_ environment: [ByteString: ByteString]) throws -> ProgressStyle {
        if flags.quiet { return .quiet }
        let text = flags.progress ?? environment["BUILDKIT_PROGRESS"]?.validatedString ?? "auto"
        guard let style = ProgressStyle(rawValue: text) else {
            let all = ProgressStyle.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("--progress \(text): slipway knows \(all)")
        }
        return style
    }

    private func writeResults(_ result: BuildResult, _ request: BuildRequest) throws {
        let digest = result.manifest.description
        if let file = flags.iidfile {
            try write(result.configuration.description, to: file)
        }
        if let file = flags.metadataFile {
            try write(metadata(result), to: file)
        }
        // Standard output belongs to the archive when that is where it went.
        guard !request.exports.contains(where: { $0.destination == .standardOutput }) else { return }
        try StandardStreams.write(to: .output, digest + "\n")
    }

    private func write(_ text: String, to path: String) throws {
        let file = try OwnedDescriptor.openFile(
            ByteString(path),
            [.writeOnly, .create, .truncate],
            permissions: 0o666 & ~SlipwayProgram.callersMask
        )
        try file.write(Array(text.utf8))
    }

    /// Source: `docker buildx build --metadata-file`, whose keys these are.
    private func metadata(_ result: BuildResult) -> String {
        let node: JSONNode = [
            "containerimage.config.digest": .string(result.configuration.description),
            "containerimage.descriptor": [
                "mediaType": "application/vnd.oci.image.manifest.v1+json",
                "digest": .string(result.manifest.description),
                "size": .integer(Int64(clamping: result.manifestSize)),
            ],
            "containerimage.digest": .string(result.manifest.description),
            "image.name": .string(result.names.joined(separator: ",")),
        ]
        return node.text + "\n"
    }
}

extension BuildFailure.Kind {
    /// The exit status a failure ends the program with.
    var exitStatus: Int32 {
        switch self {
        case .build: 1
        case .usage: 64
        case .defect: 70
        case .cancelled: 130
        }
    }
}
