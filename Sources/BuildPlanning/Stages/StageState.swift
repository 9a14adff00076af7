import ByteStrings
import OCIModel

/// What a stage has come to after some of its instructions.
struct StageState {
    /// The variables that instructions and commands see: ENV and ARG alike, the last to set one wins.
    var environment = EnvironmentList()

    /// What ARG declared so far, for the history; nil values are arguments without one.
    var arguments: [(name: ByteString, value: ByteString?)] = []

    var configuration: ImageConfiguration

    /// What the image sets; written into the configuration when the stage is done.
    var imageEnvironment = EnvironmentList()

    /// The stage that this one's history goes on from; nil for none.
    var parent: Int?

    /// The stage's own entries: a chain of stages would otherwise keep a copy of the whole for each.
    var history: [PlannedHistory] = []

    /// The last step; nil means an empty root.
    var head: StepID?

    /// The image at the root of the chain; nil for scratch and folders.
    var base: ResolvedImage?

    var platform: Platform

    /// Whether CMD was set in this stage, so that ENTRYPOINT leaves it.
    var hasOwnCmd = false

    /// An absolute path, as the image records it.
    var workingDirectory: ByteString {
        let recorded = ByteString(configuration.config.workingDirectory ?? "")
        return recorded.isAbsolutePath ? recorded : "/" + recorded
    }
}
