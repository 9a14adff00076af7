import BuildInterface
import BuildPlanning
import ByteStrings
import ContainerSandbox
import Foundation
import LinuxSystem
import Synchronization
import Testing

@testable import BuildSolving

/// Commands over a busybox that comes from the context.
final class ExecFixture: Sendable {
    static let isPossible =
        Host.effectiveUserID == 0 && FileManager.default.isExecutableFile(atPath: "/bin/busybox")

    let solver: SolverFixture
    private let output = Mutex<[UInt8]>([])

    init() throws {
        solver = try SolverFixture()
        let folder = solver.context.appendingPathComponent(".base")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: "/bin/busybox", toPath: folder.path + "/busybox")
    }

    /// The step that everything else lies on.
    static let base = Step(0, .copying(".base/busybox", to: "/bin/"))

    /// What the commands of the last build wrote.
    var text: String { output.withLock { String(decoding: $0, as: UTF8.self) } }

    /// Solves steps upon the base, each upon the one before it.
    @discardableResult
    func run(
        _ operations: [BuildPlanning.Operation],
        ignore: [String] = [],
        secrets: [BuildSecret] = [],
        agents: [BuildSSHAgent] = [],
        devices: DeviceCatalog = DeviceCatalog(),
        environment: [ByteString: ByteString] = [:]
    ) async throws -> SolvedBuild {
        let steps = operations.enumerated().map { Step($0 + 1, $1, parent: $0, ignoresCache: true) }
        return try await solve([Self.base] + steps, ignore, secrets, agents, devices, environment)
    }

    func solve(
        _ steps: [Step],
        _ ignore: [String] = [],
        _ secrets: [BuildSecret] = [],
        _ agents: [BuildSSHAgent] = [],
        _ devices: DeviceCatalog = DeviceCatalog(),
        _ environment: [ByteString: ByteString] = [:]
    ) async throws -> SolvedBuild {
        output.withLock { $0 = [] }
        return try await solver.solve(
            steps,
            ignore: ignore,
            secrets: secrets,
            agents: agents,
            devices: devices,
            environment: environment,
            runner: { try ContainerRunner() },
            onEvent: { event in
                if case .output(_, _, let bytes) = event { self.output.withLock { $0 += bytes } }
            }
        )
    }
}

extension Trait where Self == ConditionTrait {
    /// Runs where containers can be started.
    static var containers: ConditionTrait {
        .enabled(if: ExecFixture.isPossible, "needs root, namespaces and busybox-static")
    }
}

extension BuildPlanning.Operation {
    /// A RUN of a line of shell.
    static func running(
        _ line: ByteString,
        _ mounts: [MountOperation] = [],
        environment: [EnvironmentVariable] = []
    ) -> BuildPlanning.Operation {
        .exec(
            ExecOperation(
                arguments: ["/bin/busybox", "sh", "-c", line],
                environment: environment,
                workingDirectory: "/",
                user: "",
                mounts: mounts,
                network: .none
            )
        )
    }
}

extension MountOperation {
    static func bind(
        _ source: ByteString,
        from origin: FileOrigin = .context(nil),
        on target: ByteString,
        isReadOnly: Bool = true
    ) -> MountOperation {
        MountOperation(kind: .bind(BindMount(origin: origin, source: source, isReadOnly: isReadOnly)), target: target)
    }

    static func secret(_ id: ByteString, on target: ByteString?, _ change: (inout SecretMount) -> Void = { _ in })
        -> MountOperation
    {
        var secret = SecretMount(id: id)
        change(&secret)
        return MountOperation(kind: .secret(secret), target: target)
    }

    static func ssh(_ target: ByteString, _ change: (inout SSHMount) -> Void = { _ in }) -> MountOperation {
        var ssh = SSHMount()
        change(&ssh)
        return MountOperation(kind: .ssh(ssh), target: target)
    }
}
