import ByteStrings
import DockerfileSyntax
import SourceDiagnostics

/// Finds images whose last USER is root.
struct RootUserLast: LintRule {
    let description = RuleDescription(
        name: "RootUserLast",
        summary: "The last USER of the stage that is built is not root."
    )

    func check(_ subject: LintSubject, _ findings: inout FindingCollector) {
        guard let target = subject.target else { return }
        var visitor = Visitor(target: target)
        StageWalk.run(subject, &visitor)
        guard let (user, instruction) = visitor.last else { return }
        let name = user.bytes.prefix { $0 != UInt8(ascii: ":") }
        guard name.elementsEqual("root".utf8) || name.elementsEqual("0".utf8) else { return }
        findings.add(
            "containers of this image run as `\(user)`, who may do everything",
            at: subject.words(of: instruction.range).arguments.first?.range ?? instruction.keyword,
            hint: "end with a USER that has no more rights than the program needs"
        )
    }

    private struct Visitor: StageVisitor {
        let target: Int
        var last: (user: ByteString, instruction: Located<Instruction>)?

        mutating func visit(_ instruction: Located<Instruction>, of stage: Int, _ scope: Scope) {
            guard stage == target, case .user(let user) = instruction.syntax else { return }
            last = scope.expand(user.user).map { ($0, instruction) }
        }
    }
}
