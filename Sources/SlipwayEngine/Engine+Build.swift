package import BuildInterface
import BuildContexts
import BuildPlanning
import BuildSolving
import ByteStrings
import ContainerSandbox
import ContentStorage
import DockerfileSyntax
import FileModel
import ImageExport
import LinuxSystem
import OCIModel
import SourceDiagnostics
import StateDatabase

extension Engine {
    package func build(
        _ request: BuildRequest,
        onEvent: @escaping @Sendable (BuildEvent) -> Void
    ) async throws -> BuildResult {
        let reporter = EventReporter(onEvent: onEvent)
        for warning in database.warnings {
            let diagnostic = Diagnostic(severity: .warning, id: "state-database", message: warning.description)
            reporter.send(.warning(diagnostic, nil))
        }
        let dockerfile: DockerfileReader
        do { dockerfile = try DockerfileReader(request) } catch { throw FailureText.failure(error, in: nil) }
        do {
            return try await withSession { session in
                let plan = try await plan(request, dockerfile, session, reporter)
                return try await carryOut(plan, request, dockerfile, session, reporter)
            }
        } catch {
            throw FailureText.failure(error, in: dockerfile.text)
        }
    }

    /// Parses and plans, resolving base images as the plan asks for them.
    private func plan(
        _ request: BuildRequest,
        _ dockerfile: DockerfileReader,
        _ session: Session,
        _ reporter: EventReporter
    ) async throws -> BuildPlan {
        let parsed = DockerfileParser().parse(dockerfile.text)
        let findings = parsed.diagnostics.compactMap { parsed.value.checks.applied(to: $0) }
        let errors = findings.filter { $0.severity == .error }
        guard errors.isEmpty else {
            throw BuildFailure(kind: .build, diagnostics: errors, source: dockerfile.text)
        }
        for warning in findings { reporter.send(.warning(warning, dockerfile.text)) }

        let planRequest = PlanRequest(request, parsed.value, dockerfile.text)
        let resolver = BaseImageResolver(engine: self, request: request, session: session, reporter: reporter)
        var images: [ImageRequest: ResolvedImage] = [:]
        while true {
            switch try Planner.plan(planRequest, images: images) {
            case .planned(let plan):
                let warnings = plan.warnings.compactMap { parsed.value.checks.applied(to: $0) }
                for warning in warnings { reporter.send(.warning(warning, dockerfile.text)) }
                return plan
            case .needsImages(let missing):
                for image in missing {
                    do { images[image] = try await resolver.resolve(image) } catch {
                        throw FailureText.failure(error, of: image, in: parsed.value, dockerfile.text)
                    }
                }
            }
        }
    }

    private func carryOut(
        _ plan: BuildPlan,
        _ request: BuildRequest,
        _ dockerfile: DockerfileReader,
        _ session: Session,
        _ reporter: EventReporter
    ) async throws -> BuildResult {
        let contexts = ContextFolders(engine: self)
        let environment = SolverEnvironment(
            directory: directory,
            session: session,
            database: database,
            bootID: try Host.bootID(),
            contexts: try contexts.open(request, dockerfilePath: dockerfile.path),
            sandbox: SandboxSettings(
                runner: { [self] in try containerRunner() },
                network: request.network == .none ? .none : .host,
                sharedMemorySize: request.sharedMemorySize,
                secrets: request.secrets,
                environment: configuration.environment
            )
        )
        let solved: SolvedBuild
        do {
            solved = try await BuildSolver(plan: plan, environment: environment, reporter: reporter).solve()
        } catch {
            // What was hashed for a build that failed need not be hashed for the next.
            try? contexts.save()
            throw error
        }
        try contexts.save()
        let exporter = BuildExporter(engine: self, plan: plan, solved: solved, request: request, session: session)
        return try await exporter.export(reporter)
    }
}

extension PlanRequest {
    fileprivate init(_ request: BuildRequest, _ dockerfile: Dockerfile, _ source: SourceText) {
        self.init(
            dockerfile: dockerfile,
            source: source,
            platform: request.platform ?? .current,
            buildPlatform: .current
        )
        buildArguments = request.arguments.map { PlanArgument(name: $0.name, value: $0.value) }
        target = request.target
        isPlatformExplicit = request.platform != nil
        labels = request.labels.map { ($0.key, $0.value) }
        for context in request.namedContexts {
            if case .folder = context.location {
                contextFolders.insert(context.name)
            } else {
                contextImages.insert(context.name)
            }
        }
        defaultNetwork = request.network == .none ? .none : .default
        ignoresCache = request.ignoresCache
        uncachedStages = Set(request.uncachedStages)
        extraHosts = request.extraHosts.map { HostEntry(name: ByteString($0.name), address: ByteString($0.address)) }
        allowsInsecure = request.entitlements.contains(.securityInsecure)
        allowsHostNetwork = request.entitlements.contains(.networkHost) || request.network == .host
    }
}
