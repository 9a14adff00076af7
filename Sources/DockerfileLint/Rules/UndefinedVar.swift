import ByteStrings
import DockerfileSyntax
import SourceDiagnostics

/// Finds variables that nothing has set where they are used: they are replaced by nothing.
struct UndefinedVar: LintRule {
    let description = RuleDescription(
        name: "UndefinedVar",
        summary: "Variables are declared before they are used."
    )

    func check(_ subject: LintSubject, _ findings: inout FindingCollector) {
        var visitor = Visitor(subject: subject, findings: findings)
        StageWalk.run(subject, &visitor)
        findings = visitor.findings
    }

    private struct Visitor: StageVisitor {
        let subject: LintSubject
        var findings: FindingCollector
        private var guesses = NearNames()
        private var places = VariablePlaces()
        /// The names already reported for the instruction.
        private var reported: Set<ByteString> = []
        /// What the instruction itself sets, if it is an ENV.
        private var own: Set<ByteString> = []

        init(subject: LintSubject, findings: FindingCollector) {
            self.subject = subject
            self.findings = findings
        }

        mutating func visit(_ instruction: Located<Instruction>, of stage: Int, _ scope: Scope) {
            places = VariablePlaces()
            reported = []
            own = []
            if case .env(let env) = instruction.syntax { own = Set(env.pairs.map(\.key.withoutQuotes)) }
        }

        mutating func visit(_ word: ExpandedWord, in instruction: Located<Instruction>, _ scope: Scope) {
            guard scope.knowsBase, !findings.isFull else { return }
            let names = word.undeclared(escape: subject.dockerfile.escape) {
                scope.isDeclared($0) || PredefinedNames.needsNoDeclaration($0)
            }
            for name in names where reported.insert(name).inserted {
                findings.add(
                    "undefined variable `$\(name)` is replaced by nothing",
                    at: places.place(of: name, in: instruction.range, of: subject, orElse: instruction.keyword),
                    hint: hint(for: name, scope)
                )
            }
        }

        private mutating func hint(for name: ByteString, _ scope: Scope) -> String? {
            if subject.globals.declared.contains(name) {
                return "what is declared before FROM is not seen in a stage: write `ARG \(name)` in the stage"
            }
            if own.count > 1, own.contains(name) {
                return "no pair of one ENV sees another: set what needs `$\(name)` in an ENV of its own below"
            }
            if subject.globals.names.contains(name) { return "write `ARG \(name)` in the stage" }
            if let near = guesses.closest(to: name, among: scope.names) { return "did you mean `$\(near)`?" }
            return "declare it with ARG or ENV further up, or write `${\(name):-}` where it may be missing"
        }
    }
}
