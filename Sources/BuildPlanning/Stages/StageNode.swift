import ByteStrings
import DockerfileSyntax
import OCIModel
import SourceDiagnostics

/// One place files can come from: a stage of the Dockerfile, or an image that a `--from` names.
struct StageNode {
    /// Another node that this one needs, and the instruction that says so.
    struct Dependency {
        var node: Int
        var range: SourceRange?
    }

    /// The FROM line, or the instruction that names the image.
    var range: SourceRange?

    /// The image or stage after FROM, expanded.
    var baseName: ByteString

    /// The same as FROM has it; nil for images.
    var written: ByteString?

    /// The name after AS in lower case; nil for stages without one and for images.
    var name: ByteString?

    /// What people call the stage: its name, `stage-N`, or nothing when there is only one.
    var label = ""

    /// `--platform`; nil means the platform of the build.
    var platform: Platform?

    /// The earlier stage that FROM names; nil for images, scratch and folders.
    var base: Int?

    /// Whether this is an image of a `--from` and no stage.
    var isImage = false

    /// The `--build-context` that stands in for the stage, whose instructions then mean nothing.
    var replacement: PlanContext.Kind?

    var commands: [PlannedCommand] = []
    var dependencies: [Dependency] = []
    var ignoresCache = false

    /// Whether instructions of this Dockerfile make what the node holds.
    var isPlanned: Bool {
        !isImage && replacement == nil
    }
}

/// An instruction with the nodes it takes files from.
struct PlannedCommand {
    var instruction: Located<Instruction>

    /// For COPY its `--from`, for RUN one for each mount; nil where there is none.
    var sources: [Int?] = []

    /// Whether an ONBUILD of the base asked for it.
    var isTrigger = false
}
