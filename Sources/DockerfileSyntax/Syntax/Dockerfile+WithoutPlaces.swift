import ByteStrings
import SourceDiagnostics

extension Dockerfile {
    /// The same syntax with every range empty and every comment gone: equal for texts that mean the same.
    package var withoutPlaces: Dockerfile {
        var copy = self
        copy.directives = directives.map { ParserDirective(name: $0.name, value: $0.value, range: .nowhere) }
        copy.globalArguments = globalArguments.map { Located($0.syntax.withoutComments, at: .nowhere) }
        copy.stages = stages.map { stage in
            Stage(
                from: Located(stage.from.syntax, at: .nowhere),
                instructions: stage.instructions.map { Located($0.syntax.withoutPlaces, at: .nowhere) }
            )
        }
        return copy
    }
}

extension Instruction {
    fileprivate var withoutPlaces: Instruction {
        switch self {
        case .arg(let arg): .arg(arg.withoutComments)
        case .onbuild(let onbuild):
            .onbuild(
                OnbuildInstruction(
                    trigger: Located(onbuild.trigger.syntax.withoutPlaces, at: .nowhere),
                    text: onbuild.text
                )
            )
        default: self
        }
    }
}

extension ArgInstruction {
    fileprivate var withoutComments: ArgInstruction {
        ArgInstruction(
            declarations: declarations.map { ArgDeclaration(name: $0.name, defaultValue: $0.defaultValue) }
        )
    }
}

extension SourceRange {
    fileprivate static let nowhere = SourceRange(
        SourceLocation(line: 0, column: 0),
        SourceLocation(line: 0, column: 0)
    )
}
