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
    /// Takes every file that is made for the command.
    let folder: CommandFolder
    private let stubs: StubTree
    private let caches: [CacheFolder]

    /// Where something is mounted, relative to the root, what every container has included.
    let targets: [ByteString]

    private init(_ builder: Builder) {
        mounts = builder.mounts
        environment = builder.environment
        stubs = builder.stubs
        folder = builder.folder
        caches = Array(builder.caches.values)
        let own: [ByteString] = ["proc", "sys", "dev", "etc/hosts", "etc/resolv.conf"]
        targets = own + builder.mounts.map { ByteString($0.target.bytes.drop { $0 == ByteString.slash }) }
    }

    /// Makes, copies and locks what the mounts show; when that fails half-way, all of it is undone.
    static func prepare(_ exec: ExecOperation, _ inputs: StepInputs, solver: BuildSolver) async throws -> ExecMounts {
        var builder = Builder(solver: solver, folder: try CommandFolder(solver.environment.session))
        for cache in CacheMount.distinct(in: exec.mounts) { try await builder.take(cache, inputs) }
        for mount in exec.mounts { try await builder.add(mount, inputs) }
        for script in exec.scripts { try await builder.add(script) }
        return ExecMounts(builder)
    }

    /// The lowest layer of the container: an empty place for each mount.
    func makeStubs() throws -> ByteString {
        let path = folder.makePath("stubs")
        let root = try OwnedDescriptor.makeDirectories(path, permissions: 0o755)
        try root.setPermissions(0o755)
        try stubs.write(in: root)
        return path
    }

    /// Runs the command that needs the mounts, and then at once gives caches back to others and removes what only it
    /// saw, secrets included, however it ended.
    func whileMounted<Value>(_ body: () throws -> Value) rethrows -> Value {
        defer {
            for cache in caches { cache.release() }
            folder.remove()
        }
        return try body()
    }

    private struct Builder {
        let solver: BuildSolver
        let folder: CommandFolder
        var mounts: [ContainerMount] = []
        var environment: [EnvironmentVariable] = []
        var stubs = StubTree()
        var caches: [ByteString: CacheFolder] = [:]

        mutating func add(_ mount: MountOperation, _ inputs: StepInputs) async throws {
            switch mount.kind {
            case .bind(let bind): try await add(bind, on: mount.target ?? "/", inputs)
            case .cache(let cache): add(cache, on: mount.target ?? "/")
            case .tmpfs(let size):
                let target = mount.target ?? "/"
                stubs.insert(target, isDirectory: true)
                mounts.append(ContainerMount(.temporary(size: size), on: target, [.noSetID]))
            case .secret(let secret): try add(secret, on: mount.target)
            }
        }

        private mutating func add(_ bind: BindMount, on target: ByteString, _ inputs: StepInputs) async throws {
            let origin = try await solver.origin(bind.origin, inputs)
            let place = folder.makePath("mount")
            let copy = try await BlockingThread.run { try FolderCopy.make(of: bind.source, in: origin, below: place) }
            stubs.insert(target, isDirectory: copy.isDirectory)
            mounts.append(ContainerMount(.bind(copy.path), on: target, bind.isReadOnly ? [.readOnly] : []))
        }

        mutating func take(_ cache: CacheMount, _ inputs: StepInputs) async throws {
            let seed: BuildSolver.Origin? =
                if case .nothing = cache.origin { nil } else { try await solver.origin(cache.origin, inputs) }
            let environment = solver.environment
            caches[cache.id] = try await CacheFolder.take(cache, seed: seed, environment.directory, environment.session)
        }

        private mutating func add(_ cache: CacheMount, on target: ByteString) {
            guard let taken = caches[cache.id] else { return }
            stubs.insert(target, isDirectory: true)
            let subpath = ByteString(cache.source.bytes.drop { $0 == ByteString.slash })
            mounts.append(
                ContainerMount(
                    .bind(taken.path, subpath: subpath),
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
            let path = try folder.write(
                value,
                "secret",
                permissions: secret.permissions,
                owner: secret.owner,
                group: secret.group
            )
            stubs.insert(target, isDirectory: false)
            mounts.append(.generatedFile(path, on: target))
        }

        mutating func add(_ script: InlineFile) async throws {
            let path = try folder.write(script.content.bytes, "script", permissions: script.permissions)
            let target = ByteString("/dev/pipes").appendingPath(script.name)
            mounts.append(ContainerMount(.bind(path), on: target, [.readOnly]))
        }
    }
}
