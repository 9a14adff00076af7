import ArgumentParser
import BuildInterface
import OCIModel
import SlipwayEngine

/// The `slipway history` command.
struct HistoryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "Show how an image was made, newest instruction first."
    )

    @OptionGroup var state: StateFlags

    @Flag(help: "Print instructions in full.")
    var noTrunc = false

    @Argument(help: "A name or digest.")
    var image: String

    func run() throws {
        try CommandOutput.run {
            let image = try state.openEngine().image(self.image)
            var table = Table(headings: ["LAYER", "CREATED", "SIZE", "CREATED BY"])
            var layers = image.manifest.layers[...]
            var rows: [[String]] = []
            for entry in image.configuration.history {
                let layer = entry.emptyLayer ? nil : layers.popFirst()
                rows.append([
                    layer.map { String($0.digest.hex.prefix(12)) } ?? "-", entry.created ?? "",
                    layer.map { ByteCount.text($0.size) } ?? "0B", shortened(entry.createdBy ?? entry.comment ?? ""),
                ])
            }
            for row in rows.reversed() { table.add(row) }
            return table.text
        }
    }

    private func shortened(_ text: String) -> String {
        let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
        return noTrunc || line.count <= 60 ? line : line.prefix(59) + "…"
    }
}
