import ArgumentParser
import ByteStrings
import LinuxSystem
import SlipwayEngine

/// Where the state directory is.
struct StateFlags: ParsableArguments {
    @Option(help: "The state directory.")
    var root: String?

    /// Opens the engine over the state directory that the flag or the environment names.
    func openEngine() throws -> Engine {
        try Engine.open(EngineConfiguration(root: root.map { ByteString($0) }, environment: Host.environment))
    }
}
