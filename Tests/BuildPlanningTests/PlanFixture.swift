import BuildPlanning
import ByteStrings
import DeviceModel
import DockerfileSyntax
import OCIModel
import SourceDiagnostics
import Testing

/// Plans Dockerfiles given as text, with images that exist nowhere.
enum PlanFixture {
    static let amd64 = Platform(os: "linux", architecture: "amd64")
    static let path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    static func request(_ dockerfile: String) -> PlanRequest {
        let source = SourceText(name: "Dockerfile", bytes: Array(dockerfile.utf8))
        let parsed = DockerfileParser().parse(source)
        return PlanRequest(dockerfile: parsed.value, source: source, platform: amd64, buildPlatform: amd64)
    }

    /// An image with one layer; its name decides its digest.
    static func image(_ name: String, _ change: (inout ImageConfiguration) -> Void = { _ in }) -> ResolvedImage {
        var configuration = ImageConfiguration(architecture: "amd64", os: "linux")
        configuration.rootfs = RootFS(diffIDs: [DiffID(Digest.sha256(of: Array("layer of \(name)".utf8)))])
        change(&configuration)
        return ResolvedImage(manifest: Digest.sha256(of: Array(name.utf8)), configuration: configuration)
    }

    static let busybox = image("busybox") {
        $0.config.environment = [path]
        $0.config.cmd = ["sh"]
        $0.config.workingDirectory = "/"
    }

    /// What the host of the tests offers: one device that can be given, and one that can not.
    static let offer: DeviceOffer = {
        guard let kind = DeviceKind("v.com/d"), let sound = DeviceName(kind, "a"), let broken = DeviceName(kind, "b")
        else { return DeviceOffer() }
        return DeviceOffer([OfferedDevice(sound, className: "fast"), OfferedDevice(broken, fault: "is broken")])
    }()

    /// Plans to the end; an image that is not among `images` is an empty-handed busybox.
    static func plan(
        _ request: PlanRequest,
        images: [ByteString: ResolvedImage] = [:]
    ) throws(PlanErrors) -> BuildPlan {
        var known: [ImageRequest: ResolvedImage] = [:]
        var request = request
        while true {
            switch try Planner.plan(request, images: known) {
            case .planned(let plan): return plan
            case .needsDevices: request.devices = offer
            case .needsImages(let wanted):
                for image in wanted { known[image] = images[image.name] ?? busybox }
            }
        }
    }

    static func plan(
        _ dockerfile: String,
        images: [ByteString: ResolvedImage] = [:],
        _ change: (inout PlanRequest) -> Void = { _ in }
    ) throws -> BuildPlan {
        var request = request(dockerfile)
        change(&request)
        return try plan(request, images: images)
    }

    /// The error that planning ends in.
    static func failure(_ dockerfile: String, _ change: (inout PlanRequest) -> Void = { _ in }) -> PlanErrors? {
        do {
            _ = try plan(dockerfile, change)
            return nil
        } catch {
            return error as? PlanErrors
        }
    }
}

extension BuildPlan {
    var history: [String] {
        target.history.map(\.createdBy)
    }

    var execs: [ExecOperation] {
        steps.compactMap { if case .exec(let exec) = $0.operation { exec } else { nil } }
    }

    var copies: [CopyOperation] {
        steps.compactMap { if case .copy(let copy) = $0.operation { copy } else { nil } }
    }
}
