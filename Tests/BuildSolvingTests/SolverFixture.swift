import BuildContexts
import BuildInterface
import BuildPlanning
import ByteStrings
import ContainerSandbox
import ContentStorage
import FileModel
import Foundation
import LayerSnapshots
import LinuxSystem
import OCIModel
import StateDatabase
import TestSupport
import Testing

@testable import BuildSolving

/// A store, a context folder and what a solver needs beside them, gone at the end of the test.
final class SolverFixture: Sendable {
    private let folder: TemporaryFolder
    let directory: StateDirectory
    let session: Session
    let database: StateDatabase
    let context: URL

    init() throws {
        let folder = try TemporaryFolder()
        self.folder = folder
        directory = try StateDirectory.open(ByteString(folder.url.appendingPathComponent("state").path))
        session = try directory.makeSession()
        database = try StateDatabase.open(directory.databasePath)
        context = folder.url.appendingPathComponent("context")
        try FileManager.default.createDirectory(at: context, withIntermediateDirectories: true)
    }

    var contextPath: ByteString { ByteString(context.path) }

    /// Writes a file of the context, with this time.
    func write(_ name: String, _ text: String, seconds: Double = 1_000_000) throws {
        let url = context.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: seconds)],
            ofItemAtPath: url.path
        )
    }

    /// The context as a place to copy from.
    func origin() throws -> BuildSolver.Origin {
        BuildSolver.Origin(tree: try LocalContext(hostPath: contextPath), keepsOwners: false, epoch: .epoch)
    }

    /// Solves a plan of these steps; commands run when `runner` can start containers.
    func solve(
        _ steps: [Step],
        ignore: [String] = [],
        secrets: [BuildSecret] = [],
        agents: [BuildSSHAgent] = [],
        devices: DeviceCatalog = DeviceCatalog(),
        environment variables: [ByteString: ByteString] = [:],
        runner: @escaping @Sendable () throws -> ContainerRunner = { throw ExecutorError.initNotFound },
        onEvent: @escaping @Sendable (BuildEvent) -> Void = { _ in }
    ) async throws -> SolvedBuild {
        try await solver(
            steps,
            ignore: ignore,
            secrets: secrets,
            agents: agents,
            devices: devices,
            environment: variables,
            runner: runner,
            onEvent: onEvent
        ).solve()
    }

    /// What solves a plan of these steps.
    func solver(
        _ steps: [Step],
        ignore: [String] = [],
        secrets: [BuildSecret] = [],
        agents: [BuildSSHAgent] = [],
        devices: DeviceCatalog = DeviceCatalog(),
        environment variables: [ByteString: ByteString] = [:],
        runner: @escaping @Sendable () throws -> ContainerRunner = { throw ExecutorError.initNotFound },
        onEvent: @escaping @Sendable (BuildEvent) -> Void = { _ in }
    ) throws -> BuildSolver {
        let image = PlannedImage(
            head: steps.last?.id,
            base: nil,
            configuration: ImageConfiguration(architecture: "amd64", os: "linux"),
            history: [],
            platform: .current
        )
        let tree = try LocalContext(hostPath: contextPath, ignore: IgnoreMatcher(flags: ignore.map { ByteString($0) }))
        let environment = SolverEnvironment(
            directory: directory,
            session: session,
            database: database,
            bootID: "boot",
            contexts: BuildContextSet([nil: .init(tree: tree, hashes: FileHashCache(now: WallClock.now))]),
            remotes: RemoteContents(
                directory: directory,
                session: session,
                database: database,
                identity: RemoteContents.Identity(environment: variables, secrets: secrets, agents: agents)
            ),
            sandbox: SandboxSettings(
                runner: runner,
                sharedMemorySize: 1 << 20,
                secrets: secrets,
                agents: agents,
                devices: devices,
                environment: variables
            )
        )
        return BuildSolver(
            plan: BuildPlan(steps: steps, target: image),
            environment: environment,
            reporter: EventReporter(onEvent: onEvent)
        )
    }

    /// The names in a folder of the state directory.
    func names(in path: ByteString) throws -> [ByteString] {
        try OwnedDescriptor.openDirectory(path).entries().map(\.name)
    }
}

extension Step {
    /// A step for tests; its parent is the step before it unless there is none.
    init(_ index: Int, _ operation: BuildPlanning.Operation, parent: Int? = nil, ignoresCache: Bool = false) {
        self.init(
            id: StepID(index: index),
            operation: operation,
            parent: parent.map { StepID(index: $0) },
            range: nil,
            stageName: "",
            position: index + 1,
            count: index + 1,
            title: "step \(index)",
            ignoresCache: ignoresCache
        )
    }
}

extension BuildPlanning.Operation {
    /// A COPY of one path of the context.
    static func copying(
        _ path: ByteString,
        to destination: ByteString,
        isLink: Bool = false,
        owner: ByteString? = nil
    ) -> BuildPlanning.Operation {
        .copy(
            CopyOperation(
                sources: [.path(path)],
                origin: .context(nil),
                destination: destination,
                owner: owner,
                isLink: isLink
            )
        )
    }

    static func makingDirectory(_ path: ByteString) -> BuildPlanning.Operation {
        .makeDirectory(MakeDirectoryOperation(path: path, user: ""))
    }
}

extension Trait where Self == ConditionTrait {
    /// Runs as root alone.
    static var root: ConditionTrait {
        .enabled(if: Host.effectiveUserID == 0, "needs root")
    }
}
