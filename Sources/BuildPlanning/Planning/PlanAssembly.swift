import ByteStrings
import DockerfileSyntax
import OCIModel
import SourceDiagnostics

/// The plan as it grows, stage by stage.
final class PlanAssembly {
    /// What Docker adds to an image without a PATH.
    static let defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    let request: PlanRequest
    let arguments: GlobalArguments
    let expander: Expander
    let graph: StageGraph
    private let bases: [Int: StageBase]
    private(set) var steps: [Step] = []
    private var states: [Int: StageState] = [:]
    private var imageSteps: [ImageRequest: StepID] = [:]
    private var errors: [Diagnostic] = []
    private var warnings: [Diagnostic] = []
    /// Whether a RUN wants devices while nothing is known of them.
    private(set) var needsDevices = false
    /// Stages whose variables are not what was meant, and those that start from them.
    private var spoiled: Set<Int> = []

    init(
        request: PlanRequest,
        arguments: GlobalArguments,
        expander: Expander,
        graph: StageGraph,
        bases: [Int: StageBase]
    ) {
        self.request = request
        self.arguments = arguments
        self.expander = expander
        self.graph = graph
        self.bases = bases
    }

    // MARK: Mistakes

    /// Keeps what is wrong with one instruction, so that others can be looked at too.
    func report(_ found: PlanErrors) {
        errors += found.diagnostics
    }

    /// Marks a stage as one of which nothing more can be said that would help.
    func spoil(_ node: Int) {
        spoiled.insert(node)
    }

    /// Whether the stage is spoiled, or the one it starts from.
    func isSpoiled(_ node: Int) -> Bool {
        spoiled.contains(node) || graph.nodes[node].base.map(spoiled.contains) ?? false
    }

    /// Keeps what the user should know of a plan that works.
    func warn(_ warning: Diagnostic) {
        warnings.append(warning)
    }

    /// Says that there is no plan before the devices of the host are known.
    func askForDevices() {
        needsDevices = true
    }

    /// - Throws: Everything reported so far.
    func checkErrors() throws(PlanErrors) {
        if let found = PlanErrors(collected: errors) { throw found }
    }

    // MARK: Steps

    /// Appends a step whose title has no position yet.
    func add(_ operation: Operation, parent: StepID?, of node: Int, range: SourceRange?, title: String) -> StepID {
        let id = StepID(index: steps.count)
        let stage = graph.nodes[node]
        steps.append(
            Step(
                id: id,
                operation: operation,
                parent: parent,
                range: range,
                stageName: stage.label,
                position: 0,
                count: 0,
                title: title,
                ignoresCache: stage.isPlanned && stage.ignoresCache
            )
        )
        return id
    }

    /// Tells the steps of one stage how many there are, now that it is known.
    func number(_ stageSteps: [StepID]) {
        let width = "\(stageSteps.count)".count
        for (offset, id) in stageSteps.enumerated() {
            let digits = "\(offset + 1)"
            let padded = String(repeating: " ", count: width - digits.count) + digits
            let label = steps[id.index].stageName
            let prefix = "[" + (label.isEmpty ? "" : label + " ") + "\(padded)/\(stageSteps.count)] "
            steps[id.index].position = offset + 1
            steps[id.index].count = stageSteps.count
            steps[id.index].title = prefix + steps[id.index].title
        }
    }

    /// The step of an image, made when first asked for; nil for an image without layers.
    private func step(for request: ImageRequest, _ image: ResolvedImage, node: Int) -> StepID? {
        if image.configuration.rootfs.diffIDs.isEmpty { return nil }
        if let known = imageSteps[request] { return known }
        var operation = ImageOperation(request: request, image: image)
        operation.image.configuration.config.onBuild = nil
        let title = "FROM \(Self.fullName(request.name, image.manifest))"
        let id = add(
            .image(operation),
            parent: nil,
            of: node,
            range: graph.nodes[node].range,
            title: title
        )
        imageSteps[request] = id
        return id
    }

    private static func fullName(_ name: ByteString, _ manifest: Digest) -> String {
        (try? ImageReference(name.description))?.with(digest: manifest).canonicalName ?? name.description
    }

    // MARK: Nodes

    /// The files of a node; nil when it is a stage that is not planned yet.
    func origin(of node: Int) -> FileOrigin? {
        if let state = states[node] { return state.head.map(FileOrigin.step) ?? .nothing }
        guard !graph.nodes[node].isPlanned else { return nil }
        switch bases[node] {
        case .folder(let name): return .context(name)
        case .image(let request, let image):
            return step(for: request, image, node: node).map(FileOrigin.step) ?? .nothing
        case .scratch, nil: return .nothing
        }
    }

    /// What a stage starts with.
    func initialState(of node: Int) -> StageState {
        guard let base = graph.nodes[node].base else { return foundation(of: node) }
        guard var state = states[base] else { return foundation(of: base) }
        state.parent = base
        state.history = []
        return state
    }

    func setState(_ state: StageState, of node: Int) {
        states[node] = state
    }

    private func foundation(of node: Int) -> StageState {
        let stage = graph.nodes[node]
        let platform = stage.platform ?? request.platform
        switch bases[node] {
        case .image(let wanted, let image):
            var state = StageState(configuration: image.configuration, platform: platform)
            state.base = image
            state.head = step(for: wanted, image, node: node)
            return state
        case .folder(let name):
            var state = StageState(configuration: Self.emptyConfiguration(platform), platform: platform)
            let copy = CopyOperation(sources: [.path("/")], origin: .context(name), destination: "/")
            let id = add(.copy(copy), parent: nil, of: node, range: stage.range, title: "FROM \(name)")
            state.head = id
            state.history = [PlannedHistory(createdBy: "FROM \(name)", step: id)]
            return state
        case .scratch, nil:
            return StageState(configuration: Self.emptyConfiguration(request.platform), platform: request.platform)
        }
    }

    /// The configuration of an image that starts from nothing.
    private static func emptyConfiguration(_ platform: Platform) -> ImageConfiguration {
        var configuration = ImageConfiguration(architecture: platform.architecture, os: platform.os)
        configuration.variant = platform.variant
        configuration.config.workingDirectory = "/"
        configuration.config.environment = ["PATH=" + defaultPath]
        return configuration
    }

    // MARK: The end

    func finish(target: Int) -> BuildPlan {
        let state = states[target] ?? foundation(of: target)
        var configuration = state.configuration
        for (key, value) in request.labels {
            configuration.config.labels = (configuration.config.labels ?? [:]).merging([key: value]) { $1 }
        }
        if request.isPlatformExplicit {
            configuration.os = request.platform.os
            configuration.architecture = request.platform.architecture
            configuration.variant = request.platform.variant
        }
        configuration.created = nil
        configuration.rootfs = RootFS(diffIDs: [])
        configuration.history = []
        let image = PlannedImage(
            head: state.head,
            base: state.base,
            configuration: configuration,
            history: history(of: state),
            platform: state.platform
        )
        let plan = BuildPlan(
            steps: steps,
            target: image,
            sourceDateEpoch: arguments.sourceDateEpoch,
            warnings: warnings + unusedArgumentWarnings()
        )
        return plan.pruned()
    }

    /// The entries of the whole chain of stages, the oldest first.
    private func history(of last: StageState) -> [PlannedHistory] {
        var chain = [last.history]
        var next = last.parent
        while let node = next, let state = states[node] {
            chain.append(state.history)
            next = state.parent
        }
        return chain.reversed().flatMap(\.self)
    }

    private func unusedArgumentWarnings() -> [Diagnostic] {
        let declared = DeclaredArguments(in: request.dockerfile, and: graph)
        return arguments.given.keys.sorted()
            .filter { !declared.names.contains($0) && !PredefinedArguments.contains($0) }
            .map { name in
                let closest = Suggestion.closest(
                    to: name.description,
                    among: declared.names.sorted().map(\.description)
                )
                return Diagnostic(
                    severity: .warning,
                    id: "UnusedArgument",
                    message: "the build argument `\(name)` was not used",
                    range: nil,
                    hint: closest.map { "did you mean `\($0)`?" } ?? "declare it with ARG where it is needed"
                )
            }
    }
}
