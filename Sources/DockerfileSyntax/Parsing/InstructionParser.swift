import ByteStrings
import SourceDiagnostics

/// Makes one instruction of one logical line.
struct InstructionParser {
    /// What an instruction turned out to be.
    enum Outcome {
        case from(FromInstruction)
        case instruction(Instruction)
        /// A mistake, already reported, left nothing to keep.
        case invalid
    }

    let source: SourceText
    let line: LogicalLine
    let splitter: WordSplitter
    let heredocs: [Heredoc]
    private(set) var diagnostics: [Diagnostic] = []

    init(_ line: LogicalLine, escape: UInt8, heredocs: [Heredoc], in source: SourceText) {
        self.line = line
        self.source = source
        self.heredocs = heredocs
        splitter = WordSplitter(line: line.text, escape: escape)
    }

    /// The text of the line.
    var text: [UInt8] { line.text }

    mutating func parse() -> Outcome {
        let head = InstructionHead(text, text.startIndex..<text.endIndex)
        if head.keyword == .from {
            return from(arguments(of: .from, head)).map { .from($0) } ?? .invalid
        }
        return instruction(head).map { .instruction($0) } ?? .invalid
    }

    /// An instruction other than `FROM`, nil after a mistake.
    private mutating func instruction(_ head: InstructionHead) -> Instruction? {
        guard let keyword = head.keyword else {
            reportUnknown(head.name)
            return nil
        }
        let arguments = arguments(of: keyword, head)
        switch keyword {
        case .add: return add(arguments).map { .add($0) }
        case .arg: return arg(arguments).map { .arg($0) }
        case .cmd: return command(arguments).map { .cmd(CmdInstruction(command: $0)) }
        case .copy: return copy(arguments).map { .copy($0) }
        case .entrypoint: return command(arguments).map { .entrypoint(EntrypointInstruction(command: $0)) }
        case .env: return pairs(arguments).map { .env(EnvInstruction(pairs: $0.pairs, isLegacyForm: $0.isLegacy)) }
        case .expose: return expose(arguments).map { .expose($0) }
        case .from: return nil
        case .healthcheck: return healthcheck(arguments).map { .healthcheck($0) }
        case .label:
            return pairs(arguments).map { .label(LabelInstruction(pairs: $0.pairs, isLegacyForm: $0.isLegacy)) }
        case .maintainer: return onlyArgument(arguments).map { .maintainer(MaintainerInstruction(name: $0)) }
        case .onbuild: return onbuild(arguments).map { .onbuild($0) }
        case .run: return run(arguments).map { .run($0) }
        case .shell: return shell(arguments).map { .shell($0) }
        case .stopsignal: return onlyArgument(arguments).map { .stopsignal(StopsignalInstruction(signal: $0)) }
        case .user: return onlyArgument(arguments).map { .user(UserInstruction(user: $0)) }
        case .volume: return volume(arguments).map { .volume($0) }
        case .workdir: return onlyArgument(arguments).map { .workdir(WorkdirInstruction(path: $0)) }
        }
    }

    // MARK: Arguments

    /// An instruction's flags and the rest of its line.
    struct Arguments {
        let keyword: InstructionKeyword
        /// The instruction's name, for messages about what is not there.
        let name: Range<Int>
        let flags: FlagValues
        /// The arguments without the flags, and without blanks around them.
        let part: Range<Int>
    }

    private mutating func arguments(of keyword: InstructionKeyword, _ head: InstructionHead) -> Arguments {
        let flags = FlagSplitter(line: text, part: head.arguments)
        let values = FlagValues(flags.flags, of: keyword)
        for mistake in values.mistakes {
            report(mistake.id, mistake.message, at: mistake.word.part, hint: mistake.hint)
        }
        let end = min(flags.end, head.arguments.upperBound)
        return Arguments(
            keyword: keyword,
            name: head.name,
            flags: values,
            part: splitter.trimmed(end..<head.arguments.upperBound)
        )
    }

    /// What the arguments are as a JSON array; one of other things than strings is reported.
    mutating func strings(_ part: Range<Int>, of keyword: InstructionKeyword) -> JSONStringArray.Result {
        guard !part.isEmpty, text[part.lowerBound] == UInt8(ascii: "[") else { return .none }
        let result = JSONStringArray.parse(text[part])
        if case .mixed(let wrong) = result {
            report(
                "InvalidJSONForm",
                "\(keyword.written) takes a JSON array of strings only",
                at: wrong,
                hint: "write every element between double quotes"
            )
        }
        return result
    }

    /// The whole rest of the line as the one argument an instruction takes.
    private mutating func onlyArgument(_ arguments: Arguments) -> ByteString? {
        guard !arguments.part.isEmpty else {
            report("MissingArguments", "\(arguments.keyword.written) requires exactly one argument", at: arguments.name)
            return nil
        }
        return ByteString(text[arguments.part])
    }

    /// Reports that an instruction has no arguments.
    mutating func reportMissing(_ arguments: Arguments, hint: String? = nil) {
        report(
            "MissingArguments",
            "\(arguments.keyword.written) requires at least one argument",
            at: arguments.name,
            hint: hint
        )
    }

    // MARK: ONBUILD

    private mutating func onbuild(_ arguments: Arguments) -> OnbuildInstruction? {
        guard !arguments.part.isEmpty else {
            reportMissing(arguments, hint: "name the instruction to run in the images built from this one")
            return nil
        }
        let head = InstructionHead(text, arguments.part)
        switch head.keyword {
        case .onbuild:
            report(
                "InvalidTrigger",
                "chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed as an ONBUILD trigger",
                at: head.name,
                hint: "write one ONBUILD, and the instruction behind it"
            )
            return nil
        case .from, .maintainer:
            report(
                "InvalidTrigger",
                "\(head.keyword?.written ?? "") isn't allowed as an ONBUILD trigger",
                at: head.name,
                hint: "a trigger runs in the stage of another Dockerfile, below its FROM"
            )
            return nil
        default: break
        }
        guard let trigger = instruction(head) else { return nil }
        // Blanks at the end of the line belong to the stored text.
        var stored = ByteString(text[arguments.part.lowerBound...])
        for heredoc in heredocs { stored += [UInt8(ascii: "\n")] + heredoc.writtenContent.bytes + heredoc.name.bytes }
        let located = Located(
            trigger,
            at: line.range(arguments.part, in: source),
            keyword: line.range(head.name, in: source)
        )
        return OnbuildInstruction(trigger: located, text: stored)
    }

    // MARK: Messages

    private mutating func reportUnknown(_ name: Range<Int>) {
        guard !name.isEmpty else {
            report("UnknownInstruction", "no instruction stands around this line continuation", at: name)
            return
        }
        let written = String(decoding: text[name], as: UTF8.self)
        let closest = Suggestion.closest(
            to: written.uppercased(),
            among: InstructionKeyword.allCases.map(\.written)
        )
        report(
            "UnknownInstruction",
            "unknown instruction: \(written)",
            at: name,
            hint: written.hasPrefix("//")
                ? "comments start with `#`"
                : closest.map { "did you mean `\($0)`?" } ?? "a command of the build is written `RUN \(written) …`"
        )
    }

    mutating func report(
        _ id: DiagnosticID,
        _ message: String,
        at part: Range<Int>,
        _ severity: Severity = .error,
        hint: String? = nil
    ) {
        guard diagnostics.count < Self.mostDiagnostics else { return }
        var diagnostic = Diagnostic(
            severity: severity,
            id: id,
            message: message,
            range: line.range(part, in: source),
            hint: hint
        )
        if let start = diagnostic.range?.start.line, start != line.firstLine {
            diagnostic.notes = ["the instruction starts on line \(line.firstLine)"]
        }
        diagnostics.append(diagnostic)
    }

    /// More about one instruction than these helps nobody.
    private static let mostDiagnostics = 200
}
