import ByteStrings
import DockerfileSyntax
import OCIModel
import SourceDiagnostics

/// Finds out what every reachable stage starts from, and what its base wants done first.
struct BaseResolver {
    private let request: PlanRequest
    private let images: [ImageRequest: ResolvedImage]
    private var triggered: Set<Int> = []
    private(set) var bases: [Int: StageBase] = [:]

    /// The images that are needed and not known, each once.
    private(set) var missing: [ImageRequest] = []

    init(request: PlanRequest, images: [ImageRequest: ResolvedImage]) {
        self.request = request
        self.images = images
    }

    /// Names are checked everywhere, looked up only where the target needs them.
    mutating func resolve(_ graph: StageGraph, reachable: Set<Int>) throws(PlanErrors) {
        var errors: [Diagnostic] = []
        for (index, node) in graph.nodes.enumerated() where node.base == nil && bases[index] == nil {
            let replacement = graph.replacement(of: index)
            if case .files(let name) = replacement {
                bases[index] = .folder(name)
            } else if case .stage = replacement {
                // Whoever names it gets that stage.
                continue
            } else if replacement == .nothing {
                bases[index] = .scratch
            } else if node.baseName == "scratch", node.replacement == nil {
                bases[index] = .scratch
            } else {
                let name = node.replacement == nil ? node.baseName : node.name ?? node.baseName
                if let error = graph.nameError(name, of: index) { errors += error.diagnostics }
                if reachable.contains(index) { look(for: name, of: index, platform: node.platform) }
            }
        }
        if let found = PlanErrors(collected: errors) { throw found }
    }

    private mutating func look(for name: ByteString, of node: Int, platform: Platform?) {
        let wanted = ImageRequest(name: name, platform: platform ?? request.platform)
        if let image = images[wanted] {
            bases[node] = .image(wanted, image)
        } else if !missing.contains(wanted) {
            missing.append(wanted)
        }
    }

    /// Puts the ONBUILD triggers of bases in front of the stages that start from them; false when there was none left.
    mutating func addTriggers(to graph: inout StageGraph, reachable: Set<Int>) throws(PlanErrors) -> Bool {
        var foundAny = false
        for index in reachable.sorted() where graph.nodes[index].isPlanned && triggered.insert(index).inserted {
            let triggers = try triggers(for: index, in: graph)
            if triggers.isEmpty { continue }
            try graph.addTriggers(triggers, to: index)
            foundAny = true
        }
        if foundAny { try graph.checkCycles() }
        return foundAny
    }

    private func triggers(for index: Int, in graph: StageGraph) throws(PlanErrors) -> [Located<Instruction>] {
        let node = graph.nodes[index]
        if let base = node.base {
            return graph.nodes[base].commands.compactMap { command in
                guard case .onbuild(let onbuild) = command.instruction.syntax else { return nil }
                return onbuild.trigger
            }
        }
        guard case .image(_, let image) = bases[index] else { return [] }
        var triggers: [Located<Instruction>] = []
        for text in image.configuration.config.onBuild ?? [] {
            triggers.append(try trigger(ByteString(text), at: node.range))
        }
        return triggers
    }

    /// A trigger of an image stands in no file of the user's, so the FROM line answers for it.
    private func trigger(_ text: ByteString, at range: SourceRange?) throws(PlanErrors) -> Located<Instruction> {
        let parsed = DockerfileParser().parseTrigger(text)
        if let error = parsed.diagnostics.first(where: { $0.severity == .error }) {
            throw PlanErrors(
                "Trigger",
                "the base image's trigger `ONBUILD \(text)` is invalid: \(error.message)",
                at: range
            )
        }
        guard let trigger = parsed.value else {
            throw PlanErrors("Trigger", "the base image's trigger `ONBUILD \(text)` is empty", at: range)
        }
        return Located(trigger.syntax, at: range ?? trigger.range)
    }
}
