/// One thing to look for in a Dockerfile.
protocol LintRule: Sendable {
    var description: RuleDescription { get }

    /// Adds everything the rule finds, in any order.
    func check(_ subject: LintSubject, _ findings: inout FindingCollector)
}
