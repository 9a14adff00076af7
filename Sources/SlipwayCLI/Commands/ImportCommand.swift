import ArgumentParser
import BuildInterface
import ByteStrings
import OCIModel
import SlipwayEngine

/// The `slipway import` command.
struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Make an image of one layer from a tar of a root file system."
    )

    @OptionGroup var state: StateFlags

    @Option(
        name: [.customShort("c"), .long],
        help: "A Dockerfile instruction for the image's configuration; may be repeated."
    )
    var change: [String] = []

    @Argument(help: "The tar, plain or compressed; - for standard input.")
    var archive: String

    @Argument(help: "The image's name.")
    var name: String

    func run() async throws {
        let reference: ImageReference
        do { reference = try ImageReference(name) } catch { throw ValidationError("\(name): \(error)") }
        let engine = try state.openEngine()
        let path = archive == "-" ? nil : ByteString(archive)
        let changes = change
        try await CommandOutput.run {
            let configuration = try engine.configuration(applying: changes)
            let image = try await engine.importRootFileSystem(from: path, as: reference, configuration: configuration)
            return image.manifestDigest.description + "\n"
        }
    }
}
