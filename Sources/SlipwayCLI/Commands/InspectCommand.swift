import ArgumentParser
import BuildInterface
import OCIModel
import SlipwayEngine
import SourceDiagnostics

/// The `slipway inspect` command.
struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Print an image's manifest and configuration as JSON."
    )

    @OptionGroup var state: StateFlags

    @Flag(help: "Print the configuration alone, as it stands in the image.")
    var config = false

    @Flag(help: "Print the manifest alone, as it stands in the image.")
    var manifest = false

    @Argument(help: "Names or digests.")
    var images: [String]

    func run() throws {
        guard !images.isEmpty else { throw ValidationError("inspect needs the name of an image") }
        guard !(config && manifest) else { throw ValidationError("--config and --manifest cannot go together") }
        try CommandOutput.run {
            let engine = try state.openEngine()
            let texts = try images.map { try text(of: try engine.image($0)) }
            if config || manifest { return texts.map { $0 + "\n" }.joined() }
            return "[\(texts.joined(separator: ","))]\n"
        }
    }

    private func text(of image: StoredImage) throws -> String {
        let manifestText = String(decoding: try CanonicalJSON.encode(image.manifest), as: UTF8.self)
        let configText = String(decoding: try CanonicalJSON.encode(image.configuration), as: UTF8.self)
        if config { return configText }
        if manifest { return manifestText }
        let name = (image.name.map { JSONNode.string($0) } ?? .null).text
        return """
            {"Name":\(name),"Digest":\(JSONNode.string(image.manifestDigest.description).text),\
            "Manifest":\(manifestText),"Config":\(configText)}
            """
    }
}
