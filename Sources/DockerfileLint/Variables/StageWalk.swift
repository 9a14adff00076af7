import ByteStrings
import DockerfileSyntax
import SourceDiagnostics

/// Goes through every stage with the variables it has, each stage behind the one it starts from.
struct StageWalk {
    private enum Step {
        case enter(Int)
        case leave(Int, mark: Int, knowsBase: Bool)
    }

    /// So many instructions of triggers are followed; a file with more is no Dockerfile.
    private static let mostTriggered = 10_000

    private let subject: LintSubject
    private var scope: Scope
    private var triggered = 0

    private init(_ subject: LintSubject) {
        self.subject = subject
        scope = Scope(escape: subject.dockerfile.escape)
    }

    /// Shows every stage to the visitor.
    static func run(_ subject: LintSubject, _ visitor: inout some StageVisitor) {
        var walk = StageWalk(subject)
        walk.run(&visitor)
    }

    private mutating func run(_ visitor: inout some StageVisitor) {
        var children: [Int: [Int]] = [:]
        var steps: [Step] = []
        for index in subject.stages.indices.reversed() {
            if let base = subject.stages[index].base {
                children[base, default: []].append(index)
            } else {
                steps.append(.enter(index))
            }
        }
        // The steps are kept by hand since nothing limits the length of a chain of stages.
        while let step = steps.popLast() {
            switch step {
            case .leave(let stage, let mark, let knowsBase):
                visitor.leave(stage)
                scope.restore(to: mark)
                scope.knowsBase = knowsBase
            case .enter(let stage):
                steps.append(.leave(stage, mark: scope.mark, knowsBase: scope.knowsBase))
                enter(stage, &visitor)
                for child in children[stage] ?? [] { steps.append(.enter(child)) }
            }
        }
    }

    private mutating func enter(_ stage: Int, _ visitor: inout some StageVisitor) {
        let facts = subject.stages[stage]
        if facts.base == nil { start(from: facts) }
        visitor.enter(stage, scope)
        for trigger in triggers(of: facts) { visit(trigger, of: stage, &visitor) }
        for instruction in subject.dockerfile.stages[stage].instructions { visit(instruction, of: stage, &visitor) }
    }

    /// The variables a stage starts with that starts from no other stage.
    private mutating func start(from facts: StageFacts) {
        scope.knowsBase = facts.isScratch || facts.image != nil
        // A builder sets it where the image does not.
        scope.set("PATH", to: nil)
        guard let image = facts.image else { return }
        for (name, value) in image.environment { scope.set(name, to: value) }
        for text in image.triggers.prefix(Self.mostTriggered - triggered) {
            triggered += 1
            guard let trigger = DockerfileParser().parseTrigger(text).value else { continue }
            apply(trigger.syntax)
        }
    }

    /// The triggers that the stage it starts from holds ready.
    private mutating func triggers(of facts: StageFacts) -> [Located<Instruction>] {
        guard let base = facts.base else { return [] }
        let triggers = subject.stages[base].triggers
        guard triggered + triggers.count <= Self.mostTriggered else {
            scope.knowsBase = false
            return []
        }
        triggered += triggers.count
        return triggers
    }

    private mutating func visit(
        _ instruction: Located<Instruction>,
        of stage: Int,
        _ visitor: inout some StageVisitor
    ) {
        visitor.visit(instruction, of: stage, scope)
        if case .arg(let arg) = instruction.syntax {
            for declaration in arg.declarations {
                visitor.visit(ExpandedWord(text: declaration.name), in: instruction, scope)
                let name = scope.expand(declaration.name) ?? declaration.name
                // A default that is not taken need not make sense.
                if let value = declaration.defaultValue, subject.globals.given[name] == nil {
                    visitor.visit(ExpandedWord(text: value), in: instruction, scope)
                }
                declare(declaration)
            }
            return
        }
        for word in instruction.syntax.expandedWords { visitor.visit(word, in: instruction, scope) }
        apply(instruction.syntax)
    }

    /// What an instruction changes.
    private mutating func apply(_ instruction: Instruction) {
        switch instruction {
        case .arg(let arg):
            for declaration in arg.declarations { declare(declaration) }
        case .env(let env):
            // No pair sees another of its line.
            let pairs = env.pairs.map { (scope.expand($0.key) ?? $0.key, scope.expand($0.value)) }
            for (name, value) in pairs { scope.set(name, to: value) }
        default: break
        }
    }

    private mutating func declare(_ declaration: ArgDeclaration) {
        let name = scope.expand(declaration.name) ?? declaration.name
        if let value = subject.globals.given[name] {
            scope.set(name, to: value)
        } else if let written = declaration.defaultValue {
            scope.set(name, to: scope.expand(written))
        } else if let value = subject.globals.values[name] {
            scope.set(name, to: value)
        } else {
            scope.declare(name)
        }
    }
}
