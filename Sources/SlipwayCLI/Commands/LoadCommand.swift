import ArgumentParser
import BuildInterface
import ByteStrings
import OCIModel
import SlipwayEngine

/// The `slipway load` command.
struct LoadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load",
        abstract: "Read images from a docker or OCI archive, or from a folder with an OCI layout."
    )

    @OptionGroup var state: StateFlags

    @Option(name: [.customShort("i"), .long], help: "The archive; standard input without it.")
    var input: String?

    func run() async throws {
        let engine = try state.openEngine()
        let path = input.map { ByteString($0) }
        try await CommandOutput.run {
            try await engine.load(from: path).map { image in
                "Loaded image: \(image.name ?? image.manifestDigest.description)\n"
            }.joined()
        }
    }
}
