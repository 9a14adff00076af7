import ByteStrings
import DockerfileSyntax
import OCIModel
import SourceDiagnostics

/// The stages of a Dockerfile and the images they name, with who needs whom.
struct StageGraph {
    private(set) var nodes: [StageNode] = []
    private let stageCount: Int
    private let contexts: NamedContexts
    private let platform: Platform
    private let expander: Expander
    private let globalVariables: EnvironmentList
    private var stagesByName: [ByteString: Int] = [:]
    private var imagesByName: [ByteString: Int] = [:]

    init(_ request: PlanRequest, arguments: GlobalArguments, expander: Expander) throws(PlanErrors) {
        guard !request.dockerfile.stages.isEmpty else {
            throw PlanErrors("NoStage", "the Dockerfile contains no stage to build", at: nil, hint: "add a FROM")
        }
        stageCount = request.dockerfile.stages.count
        contexts = NamedContexts(request.contexts)
        platform = request.platform
        self.expander = expander
        globalVariables = arguments.variables
        var errors: [Diagnostic] = []
        for stage in request.dockerfile.stages {
            let node = node(for: stage.from, request: request, variables: arguments.variables, errors: &errors)
            if let name = node.name { stagesByName[name] = nodes.count }
            nodes.append(node)
        }
        // Only now, since an instruction may name a later stage, if only to be told that it must not.
        for (index, stage) in request.dockerfile.stages.enumerated() where nodes[index].replacement == nil {
            for instruction in stage.instructions {
                do {
                    let command = try command(instruction, isTrigger: false)
                    add(command, to: index)
                    nodes[index].commands.append(command)
                } catch {
                    errors += error.diagnostics
                }
            }
        }
        if let found = PlanErrors(collected: errors) { throw found }
        try checkCycles()
    }

    /// The node of a FROM; what is wrong with it is left out of the node.
    private func node(
        for from: Located<FromInstruction>,
        request: PlanRequest,
        variables: EnvironmentList,
        errors: inout [Diagnostic]
    ) -> StageNode {
        var node = StageNode(range: from.range, baseName: "scratch")
        node.written = from.syntax.image
        do {
            node.baseName = try baseName(from, variables: variables)
            node.platform = try platform(from, variables: variables)
        } catch {
            errors += error.diagnostics
        }
        node.name = from.syntax.stageName?.asciiLowercased
        node.label = stageCount == 1 ? "" : node.name?.description ?? "stage-\(nodes.count)"
        node.replacement = node.name.flatMap { contexts.kind(of: $0, for: node.platform ?? platform) }
        do {
            // Names are kept in lower case and compared as written: a capital letter always means an image.
            if node.replacement == nil { node.base = try stage(node.baseName, for: node.platform, at: from.range) }
        } catch {
            errors += error.diagnostics
        }
        let uncached = request.uncachedStages.contains { $0.asciiLowercased == node.name }
        node.ignoresCache = request.ignoresCache || uncached
        return node
    }

    /// The image or stage that FROM names, with its variables replaced.
    private func baseName(
        _ from: Located<FromInstruction>,
        variables: EnvironmentList
    ) throws(PlanErrors) -> ByteString {
        let written = from.syntax.image
        let name = try expander.expand(written, variables, at: from.range)
        guard name.isEmpty else { return name }
        throw PlanErrors(
            "FromBlank",
            "base name (`\(written)`) should not be blank",
            at: expander.places.word(written, in: from.range),
            hint: UnsetInFrom(written, variables, expander)?.hint
                ?? "give the variable a value with an ARG before the first FROM, or with --build-arg",
            notes: UnsetInFrom(written, variables, expander)?.notes ?? []
        )
    }

    private func platform(
        _ from: Located<FromInstruction>,
        variables: EnvironmentList
    ) throws(PlanErrors) -> Platform? {
        guard let written = from.syntax.platform else { return nil }
        let text = try expander.expand(written, variables, at: from.range)
        let range = expander.places.flag("platform", in: from.range)
        let hint = "write it as os/architecture[/variant], such as linux/arm64"
        if text.isEmpty {
            let unset = UnsetInFrom(written, variables, expander)
            throw PlanErrors(
                "Platform",
                "empty platform value from expression `\(written)`",
                at: range,
                hint: unset?.hint ?? hint,
                notes: unset?.notes ?? []
            )
        }
        do {
            guard let text = text.validatedString else { throw PlanErrors("Platform", "", at: nil) }
            return try Platform(text)
        } catch {
            throw PlanErrors("Platform", "failed to parse platform `\(text)`", at: range, hint: hint)
        }
    }

    // MARK: Looking up

    /// The stage to build.
    func target(_ name: ByteString?) throws(PlanErrors) -> Int {
        guard let name else { return try stage(number: stageCount - 1, at: nil) }
        if stagesByName[name.asciiLowercased] != nil, let stage = try stage(name.asciiLowercased, at: nil) {
            return stage
        }
        if let index = name.decimalNumber, index < stageCount { return try stage(number: index, at: nil) }
        let known = nodes[..<stageCount].compactMap { $0.name?.description }
        let all = known.map { "`\($0)`" }.joined(separator: ", ")
        throw PlanErrors(
            "Target",
            "target stage `\(name)` could not be found",
            at: nil,
            hint: Suggestion.closest(to: name.description, among: known).map { "did you mean `\($0)`?" }
                ?? (known.isEmpty ? "no stage has a name: give it one with `FROM … AS \(name)`" : "there is \(all)")
        )
    }

    /// The node of a name after `--from`: a stage in any case of letters, else an image.
    private mutating func node(named name: ByteString, range: SourceRange?) throws(PlanErrors) -> Int {
        let lowered = name.asciiLowercased
        if let stage = try stage(stagesByName[lowered] == nil ? name : lowered, at: range) { return stage }
        if let image = imagesByName[name] { return image }
        let image = nodes.count
        imagesByName[name] = image
        nodes.append(StageNode(range: range, baseName: name, isImage: true))
        return image
    }

    /// The stage that a name means, seen through contexts that are stages themselves; nil for no stage.
    private func stage(
        _ name: ByteString,
        for platform: Platform? = nil,
        at range: SourceRange?
    ) throws(PlanErrors) -> Int? {
        var name = name
        var passed: [ByteString] = []
        while true {
            let replacement: PlanContext.Kind?
            if let known = stagesByName[name] ?? (passed.isEmpty ? nil : name.decimalNumber) {
                guard known < min(nodes.count, stageCount) else {
                    throw unknownContextStage(name, of: passed, at: range)
                }
                replacement = nodes[known].replacement
                guard case .stage = replacement else { return known }
            } else {
                replacement = contexts.kind(of: name, for: platform ?? self.platform)
            }
            guard case .stage(let next) = replacement else {
                if passed.isEmpty { return nil }
                throw unknownContextStage(name, of: passed, at: range)
            }
            passed.append(name)
            name = next.asciiLowercased
            if passed.contains(name) { throw unknownContextStage(name, of: passed, at: range) }
        }
    }

    /// The stage of a number, or the one that a context puts in its place.
    private func stage(number: Int, at range: SourceRange?) throws(PlanErrors) -> Int {
        guard case .stage = nodes[number].replacement, let name = nodes[number].name else { return number }
        return try stage(name, at: range) ?? number
    }

    private func unknownContextStage(_ name: ByteString, of passed: [ByteString], at range: SourceRange?) -> PlanErrors
    {
        let known = nodes.compactMap { $0.name?.description }
        let isCycle = passed.contains(name)
        return PlanErrors(
            "ContextStage",
            "the build context `\(passed.first ?? name)` is `target:\(isCycle ? passed.last ?? name : name)`, "
                + (isCycle ? "which is itself" : "but no stage of that name is defined before"),
            at: range,
            hint: isCycle
                ? "--build-context NAME=target:STAGE takes the name of another stage"
                : Suggestion.closest(to: name.description, among: known).map { "did you mean `\($0)`?" }
                    ?? "it takes a stage of this Dockerfile, by name or number, that stands above the line that uses it"
        )
    }

    /// The nodes that a node needs, itself included.
    func reachable(from start: Int) -> Set<Int> {
        var found: Set<Int> = [start]
        var open = [start]
        while let node = open.popLast() {
            let needed = nodes[node].dependencies.map(\.node) + (nodes[node].base.map { [$0] } ?? [])
            for next in needed where found.insert(next).inserted { open.append(next) }
        }
        return found
    }

    /// What is wrong with the name of the image that a node is or starts from; nil when it is a name.
    func nameError(_ name: ByteString, of index: Int) -> PlanErrors? {
        do {
            _ = try ImageReference(name.description)
            return nil
        } catch {
            let node = nodes[index]
            let unset = node.written.flatMap { UnsetInFrom($0, globalVariables, expander) }
            let known = nodes[..<stageCount].compactMap { $0.name?.description }
            let stage = Suggestion.closest(to: name.description.lowercased(), among: known)
            return PlanErrors(
                "ImageName",
                "invalid image name `\(name)`: \(error)",
                at: node.written.flatMap { expander.places.word($0, in: node.range) } ?? node.range,
                hint: unset?.hint ?? stage.map { "did you mean the stage `\($0)`?" },
                notes: unset?.notes ?? []
            )
        }
    }

    /// What stands in for the node instead of a registry's image or its own instructions.
    func replacement(of node: Int) -> PlanContext.Kind? {
        nodes[node].replacement
            ?? contexts.kind(of: nodes[node].baseName, for: nodes[node].platform ?? platform)
    }

    // MARK: Instructions

    /// Puts ONBUILD triggers in front of a stage's own instructions.
    mutating func addTriggers(_ triggers: [Located<Instruction>], to node: Int) throws(PlanErrors) {
        var commands: [PlannedCommand] = []
        for trigger in triggers {
            let command = try command(trigger, isTrigger: true)
            add(command, to: node)
            commands.append(command)
        }
        nodes[node].commands = commands + nodes[node].commands
    }

    private mutating func add(_ command: PlannedCommand, to node: Int) {
        for source in command.sources.compactMap(\.self) {
            nodes[node].dependencies.append(.init(node: source, range: command.instruction.range))
        }
    }

    private mutating func command(
        _ instruction: Located<Instruction>,
        isTrigger: Bool
    ) throws(PlanErrors) -> PlannedCommand {
        var command = PlannedCommand(instruction: instruction, isTrigger: isTrigger)
        switch instruction.syntax {
        case .copy(let copy):
            if let from = copy.from, !from.isEmpty {
                command.sources = [try source(of: from, range: instruction.range)]
            }
        case .run(let run):
            for mount in run.mounts {
                guard let name = RunMountText.origin(of: mount) else {
                    command.sources.append(nil)
                    continue
                }
                command.sources.append(try node(named: name, range: instruction.range))
            }
        default: break
        }
        return command
    }

    private mutating func source(of from: ByteString, range: SourceRange?) throws(PlanErrors) -> Int {
        if try expander.expand(from, EnvironmentList(), at: range) != from {
            throw PlanErrors(
                "FromVariable",
                "variable expansion is not supported for --from, which is `\(from)`",
                at: expander.places.flag("from", in: range),
                hint: "define a stage with FROM, which may use global arguments, and name that"
            )
        }
        guard let index = from.decimalNumber else { return try node(named: from, range: range) }
        guard index < stageCount else {
            throw PlanErrors(
                "StageIndex",
                "invalid stage index `\(from)`: the Dockerfile has \(stageCount) stage\(stageCount == 1 ? "" : "s")",
                at: expander.places.flag("from", in: range),
                hint: "stages are counted from 0; a name, given with `FROM … AS name`, stays right when stages move"
            )
        }
        return try stage(number: index, at: range)
    }

    // MARK: Cycles

    /// Finds stages that need one another; the path is kept by hand, since nothing limits its length.
    func checkCycles() throws(PlanErrors) {
        enum Mark { case open, done }
        var marks: [Int: Mark] = [:]
        for root in nodes.indices where marks[root] == nil {
            var path: [(node: Int, next: Int)] = [(root, 0)]
            marks[root] = .open
            while let (node, next) = path.last {
                guard next < nodes[node].dependencies.count else {
                    marks[node] = .done
                    path.removeLast()
                    continue
                }
                path[path.count - 1].next += 1
                let dependency = nodes[node].dependencies[next]
                switch marks[dependency.node] {
                case .done: break
                case .open:
                    let cycle = path.drop { $0.node != dependency.node }.map(\.node) + [dependency.node]
                    throw PlanErrors(
                        "Cycle",
                        "circular dependency between stages: "
                            + cycle.map { "`\(name(of: $0))`" }.joined(separator: " needs "),
                        at: dependency.range,
                        hint: "move what both need into a stage of its own, before them"
                    )
                case nil:
                    marks[dependency.node] = .open
                    path.append((dependency.node, 0))
                }
            }
        }
    }

    /// How messages call a node.
    func name(of node: Int) -> String {
        let description = nodes[node]
        return description.isImage ? description.baseName.description : description.name?.description ?? "\(node)"
    }
}
