/// What the rules found in one Dockerfile.
package struct LintReport: Hashable, Sendable {
    /// In the order of the file.
    package var findings: [LintFinding]
    /// Whether the settings want a build with findings to fail, and there are some.
    package var failsBuild: Bool

    package init(findings: [LintFinding] = [], failsBuild: Bool = false) {
        self.findings = findings
        self.failsBuild = failsBuild
    }
}
