import ArgumentParser
import BuildInterface
import ByteStrings
import LinuxSystem
import SlipwayEngine

/// The `slipway save` command.
struct SaveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "save",
        abstract: "Write images as a tar archive that docker load, podman and skopeo read."
    )

    @OptionGroup var state: StateFlags

    @Option(name: [.customShort("o"), .long], help: "The file; standard output without it.")
    var output: String?

    @Option(help: "docker-archive or oci-archive.")
    var format: String = "docker-archive"

    @Argument(help: "Names or digests.")
    var images: [String]

    func run() async throws {
        guard !images.isEmpty else { throw ValidationError("save needs the name of an image") }
        let forms: [String: ExportTarget.Form] = ["docker-archive": .docker, "oci-archive": .oci]
        guard let form = forms[format] else {
            throw ValidationError("--format \(format): docker-archive or oci-archive")
        }
        if output == nil, Host.isTerminal(1) {
            throw ValidationError("an archive is not for a terminal: use --output FILE or redirect")
        }
        let destination = output.map { ExportTarget.Destination.path(ByteString($0)) } ?? .standardOutput
        let engine = try state.openEngine()
        let images = images
        try await CommandOutput.run {
            try await engine.save(images, to: destination, form: form)
            return ""
        }
    }
}
