import ByteStrings
import SourceDiagnostics

/// Puts instructions into their stages.
struct StageBuilder {
    private(set) var dockerfile = Dockerfile()
    private var diagnostics: [Diagnostic] = []
    private var hasInstructions = false
    /// Where each stage name was given first, in lower case.
    private var names: [ByteString: SourceRange] = [:]
    /// Whether the stage, or an earlier one it starts from, has set its working directory.
    private var hasWorkdir = false
    private var namesWithWorkdir: Set<ByteString> = []

    mutating func add(
        _ outcome: InstructionParser.Outcome,
        _ head: InstructionHead,
        named name: SourceRange,
        at range: SourceRange
    ) {
        hasInstructions = true
        switch outcome {
        case .from(let from):
            finishStage()
            dockerfile.stages.append(Stage(from: Located(from, at: range)))
            hasWorkdir = namesWithWorkdir.contains(Self.lowercased(from.image))
            if let stageName = from.stageName { add(stageName, at: range) }
        case .instruction(.arg(let arg)) where dockerfile.stages.isEmpty:
            dockerfile.globalArguments.append(Located(arg, at: range))
        case .instruction(let instruction):
            if dockerfile.stages.isEmpty {
                reportOutsideStage(instruction.keyword, at: name)
            } else {
                if case .workdir(let workdir) = instruction { check(workdir, at: range) }
                dockerfile.stages[dockerfile.stages.count - 1].instructions.append(Located(instruction, at: range))
            }
        case .invalid:
            // A stage whose FROM is wrong is still one, so that what follows is not blamed for standing alone.
            if head.keyword == .from {
                dockerfile.stages.append(Stage(from: Located(FromInstruction(image: ""), at: range)))
            }
        }
    }

    private mutating func add(_ stageName: ByteString, at range: SourceRange) {
        guard let first = names.updateValue(range, forKey: Self.lowercased(stageName)) else { return }
        diagnostics.append(
            Diagnostic(
                severity: .warning,
                id: "DuplicateStageName",
                message: "duplicate stage name `\(stageName)`: the last of that name counts",
                range: range,
                notes: ["line \(first.start.line) has the same name"],
                hint: "give every stage a name of its own"
            )
        )
    }

    private mutating func finishStage() {
        guard let name = dockerfile.stages.last?.from.syntax.stageName else { return }
        if hasWorkdir {
            namesWithWorkdir.insert(Self.lowercased(name))
        } else {
            namesWithWorkdir.remove(Self.lowercased(name))
        }
    }

    private static func lowercased(_ name: ByteString) -> ByteString {
        ByteString(name.bytes.map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 })
    }

    /// Warns of the first working directory of a stage when it hangs on the base image's; a variable is trusted.
    private mutating func check(_ workdir: WorkdirInstruction, at range: SourceRange) {
        defer { hasWorkdir = true }
        let path = workdir.path.bytes.drop { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "'") }
        guard !hasWorkdir, path.first != ByteString.slash, path.first != UInt8(ascii: "$") else { return }
        diagnostics.append(
            Diagnostic(
                severity: .warning,
                id: "WorkdirRelativePath",
                message: "relative workdir `\(workdir.path)` depends on the working directory of the base image",
                range: range,
                hint: "start with an absolute path"
            )
        )
    }

    private mutating func reportOutsideStage(_ keyword: InstructionKeyword, at range: SourceRange) {
        diagnostics.append(
            Diagnostic(
                severity: .error,
                id: "NoBuildStage",
                message: "no build stage in current context: \(keyword.written) stands before the first FROM",
                range: range,
                hint: "only ARG may stand before FROM"
            )
        )
    }

    /// What was said since the last time.
    mutating func takeDiagnostics() -> [Diagnostic] {
        defer { diagnostics = [] }
        return diagnostics
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
