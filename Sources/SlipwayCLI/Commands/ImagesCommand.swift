import ArgumentParser
import BuildInterface
import LinuxSystem
import OCIModel
import SlipwayEngine
import SourceDiagnostics

/// The `slipway images` command.
struct ImagesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "images", abstract: "List the images of the store.")

    @OptionGroup var state: StateFlags

    @Flag(name: [.customShort("q"), .long], help: "Print digests only.")
    var quiet = false

    @Flag(help: "Print digests in full.")
    var noTrunc = false

    @Option(help: "table or json, one object a line.")
    var format: String = "table"

    func run() throws {
        guard ["table", "json"].contains(format) else { throw ValidationError("--format \(format): table or json") }
        try CommandOutput.run {
            let images = try state.openEngine().images()
            if quiet { return images.map { digest($0) + "\n" }.joined() }
            if format == "json" { return images.map { json($0) + "\n" }.joined() }
            var table = Table(headings: ["NAME", "TAG", "DIGEST", "CREATED", "SIZE"])
            for image in images {
                let (name, tag) = nameAndTag(image)
                table.add([name, tag, digest(image), image.configuration.created ?? "", ByteCount.text(image.size)])
            }
            return table.text
        }
    }

    private func digest(_ image: StoredImage) -> String {
        noTrunc ? image.manifestDigest.description : String(image.manifestDigest.hex.prefix(12))
    }

    private func nameAndTag(_ image: StoredImage) -> (String, String) {
        guard let name = image.name, let reference = try? ImageReference(name) else {
            return (image.name ?? "<none>", "<none>")
        }
        return (reference.familiarRepository, reference.tag ?? "<none>")
    }

    private func json(_ image: StoredImage) -> String {
        let (name, tag) = nameAndTag(image)
        let node: JSONNode = [
            "Repository": .string(name), "Tag": .string(tag),
            "Digest": .string(image.manifestDigest.description),
            "ID": .string(image.manifest.config.digest.description),
            "CreatedAt": .string(image.configuration.created ?? ""), "Size": .integer(Int64(clamping: image.size)),
        ]
        return node.text
    }
}

extension StoredImage {
    /// Bytes of the image's blobs as they are stored.
    var size: UInt64 {
        manifest.layers.reduce(manifest.config.size) { $0 &+ $1.size }
    }
}
