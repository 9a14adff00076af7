/// What a rule is called and what it stands for.
package struct RuleDescription: Hashable, Sendable {
    /// The name that settings use; letter case counts.
    package var name: String
    /// What the rule wants, in one sentence.
    package var summary: String
    /// Whether the rule is off unless the settings ask for it.
    package var isExperimental: Bool

    package init(name: String, summary: String, isExperimental: Bool = false) {
        self.name = name
        self.summary = summary
        self.isExperimental = isExperimental
    }

    /// The page about the rule, as a path within the repository.
    package var page: String { "docs/rules/\(name).md" }
}
