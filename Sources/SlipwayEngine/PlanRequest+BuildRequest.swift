import BuildInterface
import BuildPlanning
import ByteStrings
import DockerfileSyntax
import OCIModel
import SourceDiagnostics

extension PlanRequest {
    /// What a build asks of the planner.
    init(_ request: BuildRequest, _ dockerfile: Dockerfile, _ source: SourceText, contextTime: Int64? = nil) {
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
        contexts = request.namedContexts.map(PlanContext.init)
        self.contextTime = contextTime
        defaultNetwork =
            switch request.network {
            case .default: .default
            case .none: .none
            case .host: .host
            }
        ignoresCache = request.ignoresCache
        uncachedStages = Set(request.uncachedStages)
        limits = request.resources.processLimits.map { StepLimit(name: $0.name, soft: $0.soft, hard: $0.hard) }
        extraHosts = request.extraHosts.map { HostEntry(name: ByteString($0.name), address: ByteString($0.address)) }
        allowsInsecure = request.entitlements.contains(.securityInsecure)
        deviceGrants = request.deviceGrants
        allowsHostNetwork = request.entitlements.contains(.networkHost) || request.network == .host
    }
}

extension PlanContext {
    fileprivate init(_ context: NamedContext) {
        let kind: Kind =
            switch context.location {
            case .path, .remote: .files(context.key)
            case .image("scratch"): .nothing
            case .image, .ociArchive, .dockerArchive, .ociLayout: .image
            case .stage(let name): .stage(name)
            }
        self.init(name: context.name, platform: context.platform, kind: kind)
    }
}
