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
        let root = root.map { ByteString($0) }
        var configuration = try EngineConfiguration(root: root, environment: Host.environment)
        configuration.outputPermissions = 0o666 & ~SlipwayProgram.callersMask
        return try Engine.open(configuration)
    }
}
