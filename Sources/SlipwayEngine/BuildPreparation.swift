import BuildInterface
import BuildPlanning
import BuildSolving
import ContainerSandbox
import DeviceModel
import ByteStrings
import DockerfileLint
import DockerfileSyntax
import LinuxSystem
import OCIModel
import SourceDiagnostics

/// Reads a Dockerfile, plans its build and looks it over.
struct BuildPreparation {
    private let inputs: BuildInputs
    private let dockerfile: DockerfileReader
    private let resolver: BaseImageResolver
    private let parsed: Parsed<Dockerfile>

    init(_ inputs: BuildInputs, _ dockerfile: DockerfileReader, engine: Engine) {
        self.inputs = inputs
        self.dockerfile = dockerfile
        let request = inputs.request
        resolver = BaseImageResolver(
            engine: engine,
            request: request,
            session: inputs.session,
            reporter: inputs.reporter
        )
        let frontend = request.arguments.last { $0.name == "BUILDKIT_SYNTAX" }?.value
        parsed = DockerfileParser(frontend: frontend).parse(dockerfile.text)
    }

    /// Plans, looking up base images and devices as the plan asks for them, and says what the lint rules find.
    ///
    /// The catalogue is empty where no command asks for devices.
    ///
    /// - Throws: `BuildFailure`, `PlanErrors` when the Dockerfile cannot be built.
    func plan() async throws -> (BuildPlan, LintReport, DeviceCatalog) {
        try checkSyntax()
        let time = usesContextTime ? try await inputs.contextTime() : nil
        var planRequest = PlanRequest(request, parsed.value, dockerfile.text, contextTime: time)
        var images: [ImageRequest: ResolvedImage] = [:]
        var devices = DeviceCatalog()
        while true {
            switch try Planner.plan(planRequest, images: images) {
            case .planned(let plan): return (plan, checks.report(images: images), devices)
            case .needsImages(let missing):
                for image in missing { images[image] = try await resolve(image) }
            case .needsDevices:
                devices = try await readDevices()
                planRequest.devices = devices.offer
            }
        }
    }

    private func readDevices() async throws -> DeviceCatalog {
        let folders = request.deviceFolders
        return try await BlockingThread.run { DeviceCatalog.read(folders) }
    }

    /// What there is to say about the Dockerfile; an image that cannot be found is one of which nothing is known.
    func check() async -> CheckResult {
        var images: [ImageRequest: ResolvedImage] = [:]
        var result = CheckResult(source: dockerfile.text, report: LintReport(), failure: nil)
        do {
            try checkSyntax()
            var planRequest = PlanRequest(request, parsed.value, dockerfile.text)
            planning: while true {
                switch try Planner.plan(planRequest, images: images) {
                case .planned: break planning
                case .needsDevices: planRequest.devices = try await readDevices().offer
                case .needsImages(let missing):
                    for image in missing {
                        guard let found = try? await resolve(image) else { break planning }
                        images[image] = found
                    }
                }
            }
        } catch {
            result.failure = FailureText.failure(error, in: dockerfile.text)
        }
        result.report = checks.report(images: images)
        return result
    }

    /// The request for the planner, for what is said without images.
    func planRequest() throws -> PlanRequest {
        try checkSyntax()
        return PlanRequest(request, parsed.value, dockerfile.text)
    }

    private var request: BuildRequest { inputs.request }

    /// Whether a build argument or a global ARG may ask for the time of the context.
    private var usesContextTime: Bool {
        let name: ByteString = "SOURCE_DATE_EPOCH"
        if let given = request.arguments.last(where: { $0.name == name }) { return given.value == "context" }
        return parsed.value.globalArguments.contains { $0.syntax.declarations.contains { $0.name == name } }
    }

    private var checks: DockerfileChecks {
        DockerfileChecks(request: request, dockerfile: dockerfile, parsed: parsed)
    }

    private func checkSyntax() throws {
        let errors = parsed.diagnostics.filter { $0.severity == .error }
        guard errors.isEmpty else {
            throw BuildFailure(kind: .build, diagnostics: errors, source: dockerfile.text)
        }
    }

    private func resolve(_ image: ImageRequest) async throws -> ResolvedImage {
        do { return try await resolver.resolve(image) } catch {
            throw FailureText.failure(error, of: image, in: parsed.value, dockerfile.text)
        }
    }
}
