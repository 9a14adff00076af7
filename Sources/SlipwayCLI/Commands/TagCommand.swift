import ArgumentParser
import BuildInterface
import OCIModel
import SlipwayEngine

/// The `slipway tag` command.
struct TagCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "tag", abstract: "Give an image one more name.")

    @OptionGroup var state: StateFlags

    @Argument(help: "A name or digest.")
    var image: String

    @Argument(help: "The new name.")
    var name: String

    func run() throws {
        let reference: ImageReference
        do { reference = try ImageReference(name) } catch { throw ValidationError("\(name): \(error)") }
        try CommandOutput.run {
            try state.openEngine().tag(image, as: reference)
            return ""
        }
    }
}
