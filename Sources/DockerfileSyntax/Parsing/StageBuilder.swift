import ByteStrings
import SourceDiagnostics

/// Puts instructions into their stages.
struct StageBuilder {
    /// Where an instruction stands, and what was said above it.
    struct Place {
        let range: SourceRange
        let keyword: SourceRange
        let comments: [Comment]

        func located<Syntax>(_ syntax: Syntax) -> Located<Syntax> {
            Located(syntax, at: range, keyword: keyword, comments: comments)
        }
    }

    private(set) var dockerfile = Dockerfile()
    private var hasInstructions = false

    /// Adds an instruction; the diagnostic is about one that stands where it must not.
    mutating func add(_ outcome: InstructionParser.Outcome, _ head: InstructionHead, at place: Place) -> Diagnostic? {
        hasInstructions = true
        switch outcome {
        case .from(let from):
            dockerfile.stages.append(Stage(from: place.located(from)))
        case .instruction(.arg(let arg)) where dockerfile.stages.isEmpty:
            dockerfile.globalArguments.append(place.located(arg))
        case .instruction(let instruction):
            if dockerfile.stages.isEmpty { return Self.outsideStage(instruction.keyword, at: place.keyword) }
            dockerfile.stages[dockerfile.stages.count - 1].instructions.append(place.located(instruction))
        case .invalid:
            // A stage whose FROM is wrong is still one, so that what follows is not blamed for standing alone.
            if head.keyword == .from {
                dockerfile.stages.append(Stage(from: place.located(FromInstruction(image: ""))))
            }
        }
        return nil
    }

    private static func outsideStage(_ keyword: InstructionKeyword, at range: SourceRange) -> Diagnostic {
        Diagnostic(
            severity: .error,
            id: "NoBuildStage",
            message: "no build stage in current context: \(keyword.written) stands before the first FROM",
            range: range,
            hint: "only ARG may stand before FROM"
        )
    }

    /// The error of a file that says nothing to build, or nil.
    func missingStage(in source: SourceText) -> Diagnostic? {
        guard dockerfile.stages.isEmpty else { return nil }
        let end = SourceLocation(line: max(1, source.lineCount), column: 1)
        let message =
            hasInstructions
            ? "no build stage: the file has no FROM" : "the Dockerfile is empty: a file with no instructions"
        return Diagnostic(
            severity: .error,
            id: "NoBuildStage",
            message: message,
            range: SourceRange(end, end),
            hint: "start with `FROM image`, or with `FROM scratch` for an empty one"
        )
    }
}
