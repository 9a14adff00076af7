package import BuildInterface
import BuildContexts
import BuildPlanning
import BuildSolving
import ByteStrings
import ContainerSandbox
import ContentStorage
import DockerfileLint
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
        if let note = UserNamespace.current.note { reporter.send(.warning(Self.singleIDWarning(note), nil)) }
        if request.sharesProcesses { reporter.send(.warning(Self.sharedProcessesWarning, nil)) }
        return try await withInputs(of: request, reporter) { inputs, dockerfile in
            let (plan, report, devices) = try await BuildPreparation(inputs, dockerfile, engine: self).plan()
            for warning in plan.warnings { reporter.send(.warning(warning, dockerfile.text)) }
            if report.failsBuild { throw FailureText.violations(report, in: dockerfile.text) }
            for finding in report.findings { reporter.send(.warning(finding.diagnostic, dockerfile.text)) }
            return try await carryOut(plan, inputs, devices, dockerfile)
        }
    }

    /// Runs `body` with a session, and with the Dockerfile and whatever else a build reads.
    ///
    /// - Throws: `BuildFailure` for everything that goes wrong.
    func withInputs<Value: Sendable>(
        of request: BuildRequest,
        _ reporter: EventReporter,
        _ body: (BuildInputs, DockerfileReader) async throws -> Value
    ) async throws -> Value {
        do {
            let request = try request.settlingFolders()
            let known = try await BuildInputs.hostDockerfile(request)
            return try await withSession { session in
                let inputs = BuildInputs(request, engine: self, session, reporter)
                let dockerfile = if let known { known } else { try await inputs.dockerfile() }
                do {
                    return try await body(inputs, dockerfile)
                } catch {
                    throw FailureText.failure(error, in: dockerfile.text)
                }
            }
        } catch {
            throw FailureText.failure(error, in: nil)
        }
    }

    /// What tells trees on an overlay from others: the kernel acts itself on the marks of trees that have become a layer
    /// of one, and shows them no more.
    private func placeTag() throws -> String {
        let trees = try OwnedDescriptor.openDirectory(directory.treesPath)
        return try trees.filesystem().type == FilesystemStatus.overlay ? " on overlay" : ""
    }

    private static func singleIDWarning(_ note: String) -> Diagnostic {
        Diagnostic(
            severity: .warning,
            id: "single-id",
            message: """
                building with one user and group: \(note); files that commands make are root's, chown in a RUN changes \
                nothing, and USER changes only what the image says
                """
        )
    }

    private static let sharedProcessesWarning = Diagnostic(
        severity: .warning,
        id: "no-process-sandbox",
        message: """
            --no-process-sandbox: where commands cannot have a `/proc` of their own, they see all processes around \
            slipway, with their arguments, themselves by other numbers than their own, and may reach into other steps \
            of the build
            """
    )

    /// Makes sure before the first step that every limit asked for can be applied; nil when there is none.
    private func checkLimits(_ limits: ResourceLimits) throws -> GroupOwner? {
        if limits.isEmpty { return nil }
        let owner = try GroupOwner.claim()
        try containerRunner().checkLimits(
            CgroupLimits(limits),
            limits.processLimits.compactMap(ResourceLimit.init),
            session: owner.id,
            isAlive: GroupOwner.isAlive
        )
        return owner
    }

    private func carryOut(
        _ plan: BuildPlan,
        _ inputs: BuildInputs,
        _ devices: DeviceCatalog,
        _ dockerfile: DockerfileReader
    ) async throws -> BuildResult {
        let (request, session, reporter) = (inputs.request, inputs.session, inputs.reporter)
        let owner = try checkLimits(request.resources)
        defer { withExtendedLifetime(owner) {} }
        let environment = SolverEnvironment(
            directory: directory,
            session: session,
            database: database,
            // Files of another namespace have other owners here.
            bootID: try Host.bootID() + UserNamespace.current.tag + placeTag(),
            contexts: try inputs.contexts(dockerfile: dockerfile),
            remotes: inputs.remotes,
            sandbox: SandboxSettings(
                runner: { [self] in try containerRunner() },
                sharedMemorySize: request.sharedMemorySize,
                secrets: request.secrets,
                agents: request.sshAgents,
                devices: devices,
                groupLimits: CgroupLimits(request.resources),
                groupOwner: owner?.id ?? "",
                mayShareProcesses: request.sharesProcesses,
                environment: configuration.environment
            )
        )
        let solved: SolvedBuild
        do {
            solved = try await BuildSolver(plan: plan, environment: environment, reporter: reporter).solve()
        } catch {
            // What was hashed for a build that failed need not be hashed for the next.
            try? inputs.save()
            throw error
        }
        try inputs.save()
        let exporter = BuildExporter(engine: self, plan: plan, solved: solved, request: request, session: session)
        return try await exporter.export(reporter)
    }
}
