import ByteStrings
import DockerfileSyntax

/// The names that ARG instructions declare anywhere in a Dockerfile, or in the triggers its bases brought along.
struct DeclaredArguments {
    private(set) var names: Set<ByteString> = []

    init(in dockerfile: Dockerfile, and graph: StageGraph) {
        for instruction in dockerfile.globalArguments { add(instruction.syntax) }
        for stage in dockerfile.stages {
            for instruction in stage.instructions { add(instruction.syntax) }
        }
        for node in graph.nodes {
            for command in node.commands { add(command.instruction.syntax) }
        }
    }

    private mutating func add(_ instruction: Instruction) {
        switch instruction {
        case .arg(let arguments): add(arguments)
        case .onbuild(let onbuild): add(onbuild.trigger.syntax)
        default: break
        }
    }

    private mutating func add(_ arguments: ArgInstruction) {
        for declaration in arguments.declarations { names.insert(declaration.name) }
    }
}
