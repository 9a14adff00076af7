import ByteStrings
import DockerfileSyntax
import SourceDiagnostics

/// Finds arguments that nothing can make use of.
struct UnusedArgument: LintRule {
    let description = RuleDescription(
        name: "UnusedArgument",
        summary: "Every declared argument is used."
    )

    func check(_ subject: LintSubject, _ findings: inout FindingCollector) {
        checkGlobals(subject, &findings)
        var visitor = Visitor(subject: subject, findings: findings)
        StageWalk.run(subject, &visitor)
        findings = visitor.findings
    }

    // MARK: Before the first FROM

    private func checkGlobals(_ subject: LintSubject, _ findings: inout FindingCollector) {
        // The rest of a file with no stage yet may use anything.
        guard !subject.dockerfile.stages.isEmpty else { return }
        let used = Self.usesOfGlobals(in: subject)
        for instruction in subject.dockerfile.globalArguments {
            var places = ArgumentPlaces(instruction)
            for declaration in instruction.syntax.declarations {
                let name = declaration.name
                if used.contains(name) || PredefinedNames.speaksToBuilder(name) { continue }
                findings.add(
                    "no FROM uses the argument `\(name)`, and no stage declares it again",
                    at: places.place(of: name, in: subject),
                    hint: "write `ARG \(name)` in the stage that wants it, or take it out"
                )
            }
        }
    }

    private static func usesOfGlobals(in subject: LintSubject) -> Set<ByteString> {
        let escape = subject.dockerfile.escape
        var used: Set<ByteString> = []
        for declaration in subject.dockerfile.globalArguments.flatMap(\.syntax.declarations) {
            for word in [declaration.name, declaration.defaultValue].compactMap(\.self) {
                used.formUnion(ExpandedWord(text: word).names(escape: escape))
            }
        }
        for stage in subject.dockerfile.stages {
            for word in [stage.from.syntax.image, stage.from.syntax.platform].compactMap(\.self) {
                used.formUnion(ExpandedWord(text: word).names(escape: escape))
            }
            for instruction in stage.instructions {
                switch instruction.syntax {
                case .arg(let arg): used.formUnion(arg.declarations.map(\.name))
                case .onbuild(let onbuild):
                    if case .arg(let arg) = onbuild.trigger.syntax { used.formUnion(arg.declarations.map(\.name)) }
                default: break
                }
            }
        }
        return used
    }

    // MARK: In a stage

    /// An argument is an environment variable of every RUN below it, so only where there is none is it surely unused.
    private struct Visitor: StageVisitor {
        private struct Declaration {
            var name: ByteString
            var instruction: Located<Instruction>
            var commandsBefore: Int
            var isUsed = false
        }

        let subject: LintSubject
        var findings: FindingCollector
        /// Those in sight, in the order of their instructions.
        private var declarations: [Declaration] = []
        /// Where each name is declared in `declarations`, the last one in sight last.
        private var positions: [ByteString: [Int]] = [:]
        private var starts: [Int: Int] = [:]
        private var commands = 0

        init(subject: LintSubject, findings: FindingCollector) {
            self.subject = subject
            self.findings = findings
        }

        mutating func enter(_ stage: Int, _ scope: Scope) {
            starts[stage] = declarations.count
        }

        mutating func visit(_ instruction: Located<Instruction>, of stage: Int, _ scope: Scope) {
            switch instruction.syntax {
            case .run: commands += 1
            case .arg(let arg):
                for declaration in arg.declarations {
                    positions[declaration.name, default: []].append(declarations.count)
                    declarations.append(
                        Declaration(name: declaration.name, instruction: instruction, commandsBefore: commands)
                    )
                }
            default: break
            }
        }

        mutating func visit(_ word: ExpandedWord, in instruction: Located<Instruction>, _ scope: Scope) {
            for name in word.names(escape: subject.dockerfile.escape) {
                for position in (positions[name] ?? []).suffix(1) { declarations[position].isUsed = true }
            }
        }

        mutating func leave(_ stage: Int) {
            let start = starts[stage] ?? 0
            while declarations.count > start, let declaration = declarations.popLast() {
                _ = positions[declaration.name]?.popLast()
                if declaration.isUsed || commands > declaration.commandsBefore || findings.isFull { continue }
                if PredefinedNames.speaksToBuilder(declaration.name) { continue }
                var places = ArgumentPlaces(declaration.instruction)
                findings.add(
                    "nothing below uses the argument `\(declaration.name)`",
                    at: places.place(of: declaration.name, in: subject),
                    hint: "take it out"
                )
            }
        }
    }
}
