import ByteStrings
import DockerfileSyntax
import SourceDiagnostics

/// Goes through stages in the order they are built, and notes what they take from the outside.
struct OutlineSurvey {
    private(set) var outline = BuildOutline()
    private let request: PlanRequest
    private let global: GlobalArguments
    private let expander: Expander
    /// What the instructions of each stage left set, by the stage's number.
    private var environments: [Int: EnvironmentList] = [:]

    init(_ request: PlanRequest, arguments: GlobalArguments, expander: Expander) {
        self.request = request
        self.global = arguments
        self.expander = expander
    }

    /// Notes the ARGs before the first FROM.
    mutating func addGlobalArguments() {
        for instruction in request.dockerfile.globalArguments {
            for declaration in instruction.syntax.declarations {
                add(declaration.name, value: global.variables[declaration.name], of: instruction)
            }
        }
    }

    /// Notes what the instructions of a stage take; stages it starts from must have been noted before.
    mutating func add(_ node: StageNode, number: Int) throws(PlanErrors) {
        var environment = node.base.flatMap { environments[$0] } ?? EnvironmentList()
        for command in node.commands {
            let range = command.instruction.range
            switch command.instruction.syntax {
            case .arg(let arg):
                for declaration in arg.declarations {
                    let value = try value(of: declaration, environment, at: range)
                    if let value { environment.set(declaration.name, to: value) }
                    add(declaration.name, value: value, of: command.instruction)
                }
            case .env(let env):
                var pairs: [(name: ByteString, value: ByteString)] = []
                for pair in env.pairs {
                    let name = try expander.expand(pair.key, environment, at: range)
                    pairs.append((name, try expander.expand(pair.value, environment, at: range)))
                }
                for (name, value) in pairs { environment.set(name, to: value) }
            case .run(let run):
                for written in run.mounts {
                    add(try expander.mount(written, environment, at: range), at: range)
                }
            default: break
            }
        }
        environments[number] = environment
    }

    private func value(
        of declaration: ArgDeclaration,
        _ environment: EnvironmentList,
        at range: SourceRange
    ) throws(PlanErrors) -> ByteString? {
        if let given = global.given[declaration.name] { return given }
        guard let written = declaration.defaultValue else { return global.variables[declaration.name] }
        return try expander.expand(written, environment, at: range)
    }

    // MARK: Each once

    private mutating func add<Syntax>(_ name: ByteString, value: ByteString?, of instruction: Located<Syntax>) {
        let description = DefinitionDescription.of(name, in: instruction.comments)
        guard let known = outline.arguments.firstIndex(where: { $0.name == name }) else {
            outline.arguments.append(
                .init(name: name, description: description, value: value, range: instruction.range)
            )
            return
        }
        // A stage that takes a global argument up says more about it than the declaration it repeats.
        outline.arguments[known].value = value ?? outline.arguments[known].value
        outline.arguments[known].description = outline.arguments[known].description ?? description
    }

    private mutating func add(_ mount: RunMount, at range: SourceRange) {
        switch mount.type {
        case .secret:
            Self.add(mount.secretID, isRequired: mount.required, at: range, to: &outline.secrets)
        case .ssh:
            Self.add(mount.id ?? "default", isRequired: mount.required, at: range, to: &outline.agents)
        case .cache:
            let id = mount.id ?? mount.target
            if !outline.caches.contains(where: { $0.id == id }) { outline.caches.append(.init(id: id, range: range)) }
        case .bind, .tmpfs: break
        }
    }

    private static func add(
        _ id: ByteString,
        isRequired: Bool,
        at range: SourceRange,
        to credentials: inout [BuildOutline.Credential]
    ) {
        if let known = credentials.firstIndex(where: { $0.id == id }) {
            credentials[known].isRequired = credentials[known].isRequired || isRequired
        } else {
            credentials.append(.init(id: id, isRequired: isRequired, range: range))
        }
    }
}
