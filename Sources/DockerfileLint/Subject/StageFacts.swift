import ByteStrings
import DockerfileSyntax
import OCIModel

/// What is known of a stage's start.
struct StageFacts {
    /// The expanded name of image or stage; nil when it hangs on what nobody knows.
    var baseName: ByteString?
    /// The earlier stage that this one starts from; nil for an image.
    var base: Int?
    /// What is known of the image; nil for a stage, for `scratch`, and when nothing is known.
    var image: BaseImageFacts?
    /// The value of `--platform`; nil when there is none, or none that could be read.
    var platform: Platform?
    /// The instructions that stages starting from this one run first.
    var triggers: [Located<Instruction>] = []

    init(baseName: ByteString?) {
        self.baseName = baseName
    }

    /// Whether everything in the stage stands in this Dockerfile.
    var isScratch: Bool { base == nil && baseName == "scratch" }
}
