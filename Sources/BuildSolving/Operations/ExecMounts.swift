import BuildContexts
import BuildPlanning
import ByteStrings
import ContainerSandbox
import ContentStorage
import FileModel
import LayerSnapshots
import LinuxSystem

/// Everything that is mounted into one command's container because its `--mount` flags ask for it.
final class ExecMounts: Sendable {
    let mounts: [ContainerMount]

    /// Secrets that are variables.
    let environment: [EnvironmentVariable]
    private let stubs: StubTree
    private let caches: [CacheFolder]
    private let copies: [ByteString]

    /// Where something is mounted, relative to the root, what every container has included.
    let targets: [ByteString]

    private init(_ builder: Builder) {
        mounts = builder.mounts
        environment = builder.environment
        stubs = builder.stubs
        caches = builder.caches
        copies = builder.copies
        let own: [ByteString] = ["proc", "sys", "dev", "etc/hosts", "etc/resolv.conf"]
        targets = own + builder.mounts.map { ByteString($0.target.bytes.drop { $0 == ByteString.slash }) }
    }

    /// Makes, copies and locks what the mounts show.
    static func prepare(_ exec: ExecOperation, _ inputs: StepInputs, solver: BuildSolver) async throws -> ExecMounts {
        var builder = Builder(solver: solver)
        for mount in exec.mounts { try await builder.add(mount, inputs) }
        for script in exec.scripts { try await builder.add(script) }
        return ExecMounts(builder)
    }

    /// The lowest layer of the container: an empty place for each mount.
    func makeStubs(in session: Session) throws -> ByteString {
        let path = session.path.appendingPath(session.makeName("stubs"))
        let folder = try OwnedDescriptor.makeDirectories(path, permissions: 0o755)
        try folder.setPermissions(0o755)
        try stubs.write(in: folder)
        return path
    }

    /// Gives caches back to others, and removes what only this container saw.
    func release() {
        for cache in caches { cache.release() }
        for copy in copies { FolderCopy.remove(copy) }
    }

    private struct Builder {
        let solver: BuildSolver
        var mounts: [ContainerMount] = []
        var environment: [EnvironmentVariable] = []
        var stubs = StubTree()
        var caches: [CacheFolder] = []
        var copies: [ByteString] = []

        private var session: Session { solver.environment.session }

        mutating func add(_ mount: MountOperation, _ inputs: StepInputs) async throws {
            switch mount.kind {
            case .bind(let bind): try await add(bind, on: mount.target ?? "/", inputs)
            case .cache(let cache): try await add(cache, on: mount.target ?? "/", inputs)
            case .tmpfs(let size):
                let target = mount.target ?? "/"
                stubs.insert(target, isDirectory: true)
                mounts.append(ContainerMount(.temporary(size: size), on: target, [.noSetID]))
            case .secret(let secret): try add(secret, on: mount.target)
            }
        }

        private mutating func add(_ bind: BindMount, on target: ByteString, _ inputs: StepInputs) async throws {
            let origin = try await solver.origin(bind.origin, inputs)
            let session = session
            let copy = try await BlockingThread.run { try FolderCopy.make(of: bind.source, in: origin, session) }
            copies.append(copy.folder)
            stubs.insert(target, isDirectory: copy.isDirectory)
            mounts.append(ContainerMount(.bind(copy.path), on: target, bind.isReadOnly ? [.readOnly] : []))
        }

        private mutating func add(_ cache: CacheMount, on target: ByteString, _ inputs: StepInputs) async throws {
            let seed: BuildSolver.Origin? =
                if case .nothing = cache.origin { nil } else { try await solver.origin(cache.origin, inputs) }
            let directory = solver.environment.directory
            let session = session
            let folder = try await BlockingThread.run { try CacheFolder(cache, seed: seed, directory, session) }
            caches.append(folder)
            stubs.insert(target, isDirectory: true)
            let subpath = ByteString(cache.source.bytes.drop { $0 == ByteString.slash })
            mounts.append(
                ContainerMount(
                    .bind(folder.path, subpath: subpath),
                    on: target,
                    cache.isReadOnly ? [.readOnly] : []
                )
            )
        }

        private mutating func add(_ secret: SecretMount, on target: ByteString?) throws {
            let settings = solver.environment.sandbox
            guard let value = try SecretValue.read(secret.id, settings.secrets, settings.environment) else {
                if secret.isRequired {
                    throw SolveFailure(
                        "secret `\(secret.id)` is required, and was not given",
                        hint: "pass --secret id=\(secret.id),src=FILE"
                    )
                }
                return
            }
            if let name = secret.environmentName {
                environment.append(EnvironmentVariable(name: name, value: ByteString(value)))
            }
            guard let target else { return }
            let path = try write(value, "secret", secret.permissions, secret.owner, secret.group)
            stubs.insert(target, isDirectory: false)
            mounts.append(.generatedFile(path, on: target))
        }

        mutating func add(_ script: InlineFile) async throws {
            let path = try write(script.content.bytes, "script", script.permissions, 0, 0)
            let target = ByteString("/dev/pipes").appendingPath(script.name)
            mounts.append(ContainerMount(.bind(path), on: target, [.readOnly]))
        }

        private mutating func write(
            _ bytes: [UInt8],
            _ stem: ByteString,
            _ permissions: UInt16,
            _ owner: UInt32,
            _ group: UInt32
        ) throws -> ByteString {
            let path = session.path.appendingPath(session.makeName(stem))
            let file = try OwnedDescriptor.openFile(path, [.writeOnly, .create, .exclusive], permissions: 0o600)
            try file.write(bytes)
            try file.setOwner(owner, group)
            try file.setPermissions(permissions)
            copies.append(path)
            return path
        }
    }
}
