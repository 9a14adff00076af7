import ByteStrings
import DockerfileSyntax
import OCIModel
import SourceDiagnostics

/// Plans one stage, instruction by instruction; each kind of instruction has a file of its own.
struct StagePlanner {
    let index: Int
    let assembly: PlanAssembly
    var state: StageState
    private var stageSteps: [StepID]
    private var isTrigger = false

    init(_ index: Int, in assembly: PlanAssembly) {
        self.index = index
        self.assembly = assembly
        let known = assembly.steps.count
        state = assembly.initialState(of: index)
        // The image or folder the stage starts from is its first step, unless an earlier stage has it already.
        stageSteps = assembly.steps[known...].map(\.id)
        state.hasOwnCmd = false
        state.configuration.config.onBuild = nil
    }

    /// Plans every instruction, and reports those that cannot be.
    mutating func plan() {
        inheritEnvironment()
        if assembly.isSpoiled(index) { assembly.spoil(index) }
        for command in assembly.graph.nodes[index].commands where !assembly.isSpoiled(index) {
            isTrigger = command.isTrigger
            do {
                try plan(command)
            } catch {
                assembly.report(error)
                // Whatever follows would be blamed for a variable that is not what was meant.
                if command.setsVariables { assembly.spoil(index) }
            }
        }
        state.configuration.config.environment = state.imageEnvironment.variables.map { "\($0.name)=\($0.value)" }
        assembly.number(stageSteps)
        assembly.setState(state, of: index)
    }

    /// What the image sets counts as set here, over what ARG set in a parent stage.
    private mutating func inheritEnvironment() {
        for text in state.configuration.config.environment ?? [] {
            let (name, value) = ByteString(text).split(atFirst: UInt8(ascii: "=")) ?? (ByteString(text), "")
            state.imageEnvironment.set(name, to: value)
        }
        if state.imageEnvironment["PATH"] == nil {
            state.imageEnvironment.set("PATH", to: ByteString(PlanAssembly.defaultPath))
        }
        for variable in state.imageEnvironment.variables { state.environment.set(variable.name, to: variable.value) }
    }

    private mutating func plan(_ command: PlannedCommand) throws(PlanErrors) {
        let range = command.instruction.range
        switch command.instruction.syntax {
        case .add(let add): try plan(add, at: range)
        case .arg(let arg): try plan(arg, at: range)
        case .cmd(let cmd): plan(cmd)
        case .copy(let copy): try plan(copy, from: command.sources.first ?? nil, at: range)
        case .entrypoint(let entrypoint): plan(entrypoint)
        case .env(let env): try plan(env, at: range)
        case .expose(let expose): try plan(expose, at: range)
        case .healthcheck(let healthcheck): plan(healthcheck)
        case .label(let label): try plan(label, at: range)
        case .maintainer(let maintainer): plan(maintainer)
        case .onbuild(let onbuild): plan(onbuild)
        case .run(let run): try plan(run, sources: command.sources, at: range)
        case .shell(let shell): plan(shell)
        case .stopsignal(let stopsignal): try plan(stopsignal, at: range)
        case .user(let user): try plan(user, at: range)
        case .volume(let volume): try plan(volume, at: range)
        case .workdir(let workdir): try plan(workdir, at: range)
        }
    }

    // MARK: For the instructions

    /// Where the words of instructions stand.
    var places: WrittenPlaces {
        assembly.expander.places
    }

    func expand(_ word: ByteString, at range: SourceRange?) throws(PlanErrors) -> ByteString {
        try assembly.expander.expand(word, state.environment, at: range)
    }

    /// Makes `operation` the new head of the stage.
    mutating func append(_ operation: Operation, at range: SourceRange?, title: String) -> StepID {
        let id = assembly.add(
            operation,
            parent: state.head,
            of: index,
            range: range,
            title: (isTrigger ? "ONBUILD " : "") + title
        )
        stageSteps.append(id)
        state.head = id
        return id
    }

    /// Records an instruction in the history; without a step it made no layer.
    mutating func record(_ text: String, step: StepID? = nil) {
        state.history.append(PlannedHistory(createdBy: text, step: step))
    }

    /// The arguments of a process for a command in shell form.
    func shellArguments(_ text: ByteString) -> [ByteString] {
        let shell = state.configuration.config.shell ?? []
        return (shell.isEmpty ? ["/bin/sh", "-c"] : shell.map { ByteString($0) }) + [text]
    }

    func arguments(_ command: CommandForm) -> [ByteString] {
        switch command {
        case .shell(let text): shellArguments(text)
        case .exec(let arguments): arguments
        }
    }
}

extension PlannedCommand {
    fileprivate var setsVariables: Bool {
        switch instruction.syntax {
        case .arg, .env: true
        default: false
        }
    }
}
