import ByteStrings
import DockerfileSyntax
import OCIModel
import SourceDiagnostics

/// A Dockerfile as the rules see it.
struct LintSubject {
    let dockerfile: Dockerfile
    let source: SourceText
    let parserWarnings: [Diagnostic]
    let settings: CheckSettings
    let environment: LintEnvironment
    /// What FROM lines see with the build's arguments.
    let globals: GlobalVariables
    /// As many as the Dockerfile has stages.
    let stages: [StageFacts]
    /// The last stage of each name, in lower case.
    let stagesByName: [ByteString: Int]

    init(
        dockerfile: Dockerfile,
        source: SourceText,
        parserWarnings: [Diagnostic],
        settings: CheckSettings,
        environment: LintEnvironment
    ) {
        self.dockerfile = dockerfile
        self.source = source
        self.parserWarnings = parserWarnings
        self.settings = settings
        self.environment = environment
        globals = GlobalVariables(of: dockerfile, in: environment, given: environment.buildArguments)
        (stages, stagesByName) = Self.stages(of: dockerfile, environment, globals)
    }

    private static func stages(
        of dockerfile: Dockerfile,
        _ environment: LintEnvironment,
        _ globals: GlobalVariables
    ) -> (stages: [StageFacts], byName: [ByteString: Int]) {
        var stages: [StageFacts] = []
        var byName: [ByteString: Int] = [:]
        for (index, stage) in dockerfile.stages.enumerated() {
            let from = stage.from.syntax
            let name = globals.expand(from.image, escape: dockerfile.escape)
            var facts = StageFacts(baseName: name)
            if let written = from.platform {
                let text = globals.expand(written, escape: dockerfile.escape)
                facts.platform = text?.validatedString.flatMap { try? Platform($0) }
            }
            if let name, !name.isEmpty {
                // Names of stages are kept in lower case and compared as written, as a build does it.
                facts.base = byName[name]
                if facts.base == nil, name != "scratch" {
                    facts.image = environment.image(name, facts.platform)
                }
            }
            facts.triggers = stage.instructions.compactMap { instruction in
                guard case .onbuild(let onbuild) = instruction.syntax else { return nil }
                return onbuild.trigger
            }
            stages.append(facts)
            if let stageName = from.stageName { byName[stageName.lowercasedASCII] = index }
        }
        return (stages, byName)
    }

    /// The words of an instruction and where they stand.
    func words(of range: SourceRange) -> InstructionWords {
        InstructionWords(range, in: source, escape: dockerfile.escape)
    }

    /// The place of a word of an instruction, or the instruction's name when the word is not found.
    func place<Syntax>(of word: ByteString, in instruction: Located<Syntax>) -> SourceRange {
        words(of: instruction.range).argument(word) ?? instruction.keyword
    }

    /// The stage that `COPY --from` or a mount means by a name or a number; nil for an image.
    func stage(named name: ByteString) -> Int? {
        if let number = name.decimalNumber { return number < stages.count ? number : nil }
        return stagesByName[name.lowercasedASCII]
    }

    /// The stage that is built; nil when there is none of that name.
    var target: Int? {
        guard let target = environment.target else { return stages.indices.last }
        return stagesByName[target.lowercasedASCII] ?? stage(named: target)
    }
}
