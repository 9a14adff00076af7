import ArgumentParser
import BuildInterface
import SlipwayEngine

/// The `slipway rmi` command.
struct RemoveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rmi",
        abstract: "Take names off images; what nothing else needs is deleted."
    )

    @OptionGroup var state: StateFlags

    @Argument(help: "Names or digests.")
    var images: [String]

    func run() throws {
        guard !images.isEmpty else { throw ValidationError("rmi needs the name of an image") }
        try CommandOutput.run {
            let engine = try state.openEngine()
            return try images.flatMap { try engine.remove($0) }.map { $0 + "\n" }.joined()
        }
    }
}
