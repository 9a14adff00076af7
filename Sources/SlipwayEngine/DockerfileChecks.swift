import BuildContexts
import BuildInterface
import BuildPlanning
import ByteStrings
import DockerfileLint
import DockerfileSyntax
import OCIModel
import SourceDiagnostics

/// Looks over the Dockerfile of a build with the lint rules.
struct DockerfileChecks {
    /// The build argument that takes the place of the `check` directive.
    private static let settingsArgument: ByteString = "BUILDKIT_DOCKERFILE_CHECK"

    let request: BuildRequest
    let dockerfile: DockerfileReader
    let parsed: Parsed<Dockerfile>

    /// What the rules say, given the images that are known; `skipped` names rules to leave out, or is `all`.
    func report(
        images: [ImageRequest: ResolvedImage],
        rules: RuleSet = .build,
        skipping skipped: Set<String> = []
    ) -> LintReport {
        var settings = settings
        if skipped.contains("all") { settings.skipsAll = true }
        settings.skipped.formUnion(skipped)
        return Linter(rules: rules).report(
            on: parsed.value,
            source: dockerfile.text,
            parserWarnings: parsed.diagnostics.filter { $0.severity == .warning },
            settings: settings,
            environment: environment(images)
        )
    }

    private var settings: CheckSettings {
        guard let given = request.arguments.last(where: { $0.name == Self.settingsArgument }) else {
            return parsed.value.checks
        }
        var unknown: [ByteString] = []
        return CheckSettings(parsing: given.value, unknown: &unknown)
    }

    private func environment(_ images: [ImageRequest: ResolvedImage]) -> LintEnvironment {
        let platform = request.platform ?? .current
        return LintEnvironment(
            buildArguments: Dictionary(request.arguments.map { ($0.name, $0.value) }) { $1 },
            target: request.target,
            platform: platform,
            isPlatformExplicit: request.platform != nil,
            image: { name, wanted in
                images[ImageRequest(name: name, platform: wanted ?? platform)].map(BaseImageFacts.init)
            },
            hiddenBy: hiddenBy()
        )
    }

    /// Answers which line of the ignore file hides a path; never any where an exception could show it again.
    private func hiddenBy() -> @Sendable (ByteString) -> String? {
        guard let folder = request.context.folder,
            let file = try? IgnoreFile.find(context: folder, dockerfile: dockerfile.path),
            !file.matcher.patterns.contains(where: \.isException)
        else { return { _ in nil } }
        let matcher = file.matcher
        return { path in matcher.decidingPattern(for: path)?.rule?.text.description }
    }
}

extension BaseImageFacts {
    fileprivate init(_ image: ResolvedImage) {
        let configuration = image.configuration
        let platform = Platform(
            os: configuration.os,
            architecture: configuration.architecture,
            variant: configuration.variant
        )
        let variables = (configuration.config.environment ?? []).map { text in
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            return (ByteString(parts[0]), ByteString(parts.count > 1 ? parts[1] : ""))
        }
        self.init(
            environment: Dictionary(variables) { $1 },
            platform: platform,
            hasShell: configuration.config.shell?.isEmpty == false,
            triggers: (configuration.config.onBuild ?? []).map { ByteString($0) }
        )
    }
}
