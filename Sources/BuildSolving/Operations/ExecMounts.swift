import BuildContexts
import BuildInterface
import BuildPlanning
import ByteStrings
import ContainerSandbox
import ContentStorage
import FileModel
import LayerSnapshots
import LinuxSystem

/// Everything that is mounted into one command's container because its `--mount` flags ask for it.
///
/// Nothing is copied for one command. Stages and images are mounted as the layers they are. Build contexts are not mounted
/// themselves: their files belong to the user of the host, the ignore file hides some of them, and whoever edits one
/// while the command runs would have it see what its cache key does not tell. A copy is made of what was hashed, once for
/// all commands of the build, and that is mounted. What a command writes to either goes to a folder that is thrown away.
final class ExecMounts: Sendable {
    let mounts: [ContainerMount]

    /// Mounts that `mounts` and the root of the container refer to by their place.
    let trees: [MountedTree]

    /// Variables that mounts bring: secrets, where the agent is, and what devices need.
    let environment: [EnvironmentVariable]

    /// Groups that devices bring.
    let groups: [UInt32]

    /// The empty place for each mount: what the lowest layer of the container holds.
    let stubs: StubTree

    /// Where something is mounted, relative to the root and with links of the image followed, what every container has
    /// included.
    let targets: [ByteString]
    private let folder: CommandFolder
    private let caches: [CacheFolder]
    private let agents: [AgentSocket]

    private init(_ builder: Builder) {
        // Whatever the order of the flags, what is mounted inside another mount comes after it.
        mounts = builder.mounts.enumerated().sorted { ($0.element.target, $0.offset) < ($1.element.target, $1.offset) }
            .map(\.element)
        trees = builder.trees
        environment = builder.environment
        groups = builder.groups
        stubs = builder.stubs
        folder = builder.folder
        caches = Array(builder.caches.values)
        agents = builder.agents
        targets = ["proc", "sys", "dev"] + builder.places
    }

    /// Makes and locks what the mounts show; when that fails half-way, all of it is undone.
    ///
    /// `root` are the layers of the container itself, which may need a place among `trees` as well; `view` shows what is
    /// in them.
    static func prepare(
        _ exec: ExecOperation,
        root: OverlayStack,
        view: SnapshotView,
        hashed: StepSelection?,
        _ inputs: StepInputs,
        solver: BuildSolver
    ) async throws -> ExecMounts {
        var builder = Builder(solver: solver, inputs: inputs, view: view, hashed: hashed)
        _ = builder.paths(of: root)
        for place in GeneratedFiles.places(in: view) { builder.insertStub(at: place, isDirectory: false) }
        for cache in CacheMount.distinct(in: exec.mounts) { try await builder.take(cache) }
        for mount in exec.mounts { try await builder.add(mount, exec) }
        for script in exec.scripts { builder.add(script) }
        if !exec.devices.isEmpty { try builder.add(exec.devices) }
        if UserNamespace.current.hasSingleID { try builder.addPackageSettings() }
        return ExecMounts(builder)
    }

    /// The folders of the stack as a container of these mounts names them, the top one first.
    func paths(of stack: OverlayStack) -> [ByteString] {
        guard let foundation = stack.foundation, let place = trees.firstIndex(of: foundation) else {
            return stack.folders
        }
        return stack.folders + [ContainerRequest.path(ofTree: place)]
    }

    /// Runs the command that needs the mounts, and then at once gives caches back to others and removes what only it
    /// saw, however it ended.
    func whileMounted<Value>(_ body: () throws -> Value) rethrows -> Value {
        defer {
            for agent in agents { agent.stop() }
            for cache in caches { cache.release() }
            folder.remove()
        }
        return try body()
    }

    private struct Builder {
        let solver: BuildSolver
        let inputs: StepInputs
        let view: SnapshotView
        let hashed: StepSelection?
        let folder: CommandFolder
        var mounts: [ContainerMount] = []
        var trees: [MountedTree] = []
        var environment: [EnvironmentVariable] = []
        var groups: [UInt32] = []
        var stubs = StubTree()
        var places: [ByteString] = []
        var caches: [ByteString: CacheFolder] = [:]
        var agents: [AgentSocket] = []

        init(solver: BuildSolver, inputs: StepInputs, view: SnapshotView, hashed: StepSelection?) {
            self.solver = solver
            self.inputs = inputs
            self.view = view
            self.hashed = hashed
            folder = CommandFolder(solver.environment.session)
        }

        mutating func paths(of stack: OverlayStack) -> [ByteString] {
            guard let foundation = stack.foundation else { return stack.folders }
            let place = trees.firstIndex(of: foundation) ?? trees.endIndex
            if place == trees.endIndex { trees.append(foundation) }
            return stack.folders + [ContainerRequest.path(ofTree: place)]
        }

        /// Has a place to mount on at the target of a mount, or where links of the image lead from there.
        ///
        /// - Returns: That place, relative to the root. What leads nowhere the container refuses, with the reason.
        @discardableResult
        mutating func insertStub(_ target: ByteString, isDirectory: Bool) -> ByteString {
            let place = (try? view.place(of: target)) ?? ByteString(target.bytes.drop { $0 == ByteString.slash })
            insertStub(at: place, isDirectory: isDirectory)
            return place
        }

        mutating func insertStub(at place: ByteString, isDirectory: Bool) {
            stubs.insert(ByteString("/") + place, isDirectory: isDirectory)
            places.append(place)
        }

        mutating func add(_ mount: MountOperation, _ exec: ExecOperation) async throws {
            let target = mount.target ?? "/"
            switch mount.kind {
            case .bind(let bind): try await add(bind, on: target)
            case .cache(let cache): add(cache, on: target)
            case .tmpfs(let size, let isReadOnly):
                let place = insertStub(target, isDirectory: true)
                // A folder that is there keeps its mode, as with runc; one that is made for the mount is everybody's.
                let folder = try view.status(place).flatMap { $0.kind == .directory ? $0 : nil }
                let source = ContainerMount.Source.temporary(size: size, permissions: folder?.permissions ?? 0o1777)
                mounts.append(ContainerMount(source, on: target, isReadOnly ? [.noSetID, .readOnly] : [.noSetID]))
            case .secret(let secret): try add(secret, on: mount.target)
            case .ssh(let ssh): try await add(ssh, on: target, exec)
            }
        }

        private mutating func add(_ bind: BindMount, on target: ByteString) async throws {
            let source: ContainerMount.Source
            let isDirectory: Bool
            if try !OverlayProbe.isUsable(solver.environment) {
                let copy = try await copy(of: bind)
                insertStub(target, isDirectory: copy.isDirectory)
                mounts.append(
                    ContainerMount(
                        .bind(copy.folder, subpath: FolderCopy.content),
                        on: target,
                        bind.isReadOnly ? [.readOnly] : []
                    )
                )
                return
            }
            switch bind.origin {
            case .context(let name):
                let copy = try await contextCopy(ContextPath(context: name, path: bind.source))
                isDirectory = copy.isDirectory
                source =
                    bind.isReadOnly
                    ? .bind(copy.folder, subpath: FolderCopy.content)
                    : .layers(try writable([copy.folder], subpath: FolderCopy.content))
            case .step(let id):
                let snapshot = inputs.snapshot(of: id)
                let stack = try await solver.trees.overlay(of: snapshot)
                let view = try await solver.trees.view(of: snapshot, readingFiles: true)
                isDirectory = try Self.isDirectory(bind.source, in: view)
                let empty = try await solver.folders.emptyFolder()
                // The kernel makes nothing of a single folder; and where there is none, there is nothing to see.
                let folders = paths(of: stack) + [empty]
                source = .layers(
                    bind.isReadOnly
                        ? .init(
                            folders: folders.count > 1 ? folders : folders + [try folder.makeFolder("none")],
                            upper: nil,
                            work: try folder.makeFolder("place"),
                            subpath: bind.source
                        ) : try writable(folders, subpath: bind.source, root: try view.status(""))
                )
            case .nothing:
                isDirectory = try Self.isDirectory(bind.source, in: try SnapshotView(layers: []))
                source = .bind(try folder.makeFolder("empty"))
            }
            insertStub(target, isDirectory: isDirectory)
            mounts.append(ContainerMount(source, on: target, bind.isReadOnly ? [.readOnly] : []))
        }

        /// A copy for this command alone.
        private func copy(of bind: BindMount) async throws -> FolderCopy {
            if case .context(let name) = bind.origin, bind.isReadOnly {
                return try await contextCopy(ContextPath(context: name, path: bind.source))
            }
            var origin = try await solver.origin(bind.origin, inputs)
            var path = bind.source
            if case .context(let name) = bind.origin {
                // What was hashed, and not what the context may have by now.
                let shared = try await contextCopy(ContextPath(context: name, path: bind.source))
                let view = try SnapshotView(layers: [.tree(LayerTree(path: shared.folder))])
                origin = BuildSolver.Origin(tree: view, keepsOwners: true, epoch: .epoch)
                path = FolderCopy.content
            }
            let place = try folder.makeFolder("copy")
            let (source, from) = (path, origin)
            return try await BlockingThread.run { try FolderCopy.make(of: source, in: from, below: place) }
        }

        private static func isDirectory(_ source: ByteString, in tree: any FileTree) throws -> Bool {
            guard let path = try tree.resolve(source, followingLast: true), let entry = try tree.status(path) else {
                throw ContextError.notFound(path: source, nearest: nil, hiddenBy: nil)
            }
            return entry.kind == .directory
        }

        /// Layers with one more on top that is thrown away; where their root shows, it looks as `root`.
        private func writable(
            _ folders: [ByteString],
            subpath: ByteString,
            root: TreeEntry? = nil
        ) throws -> ContainerMount.Layers {
            ContainerMount.Layers(
                folders: folders,
                upper: try folder.makeFolder("upper", like: root),
                work: try folder.makeFolder("work"),
                subpath: subpath
            )
        }

        private func contextCopy(_ path: ContextPath) async throws -> FolderCopy {
            guard let binding = hashed?.bindings[path] else {
                throw ContextError.notFound(path: path.path, nearest: nil, hiddenBy: nil)
            }
            let origin = try await solver.origin(.context(path.context), inputs)
            return try await solver.folders.copy(of: path, binding, from: origin)
        }

        mutating func take(_ cache: CacheMount) async throws {
            let seed: BuildSolver.Origin? =
                if case .nothing = cache.origin { nil } else { try await solver.origin(cache.origin, inputs) }
            let environment = solver.environment
            caches[cache.id] = try await CacheFolder.take(cache, seed: seed, environment.directory, environment.session)
        }

        private mutating func add(_ cache: CacheMount, on target: ByteString) {
            guard let taken = caches[cache.id] else { return }
            insertStub(target, isDirectory: true)
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
            insertStub(target, isDirectory: false)
            var mount = ContainerMount.generatedFile(
                value,
                on: target,
                permissions: secret.permissions,
                owner: secret.owner,
                group: secret.group
            )
            if secret.permissions & 0o111 != 0 { mount.attributes.remove(.noExecution) }
            mounts.append(mount)
        }

        private mutating func add(_ ssh: SSHMount, on target: ByteString, _ exec: ExecOperation) async throws {
            let name: ByteString = "SSH_AUTH_SOCK"
            // Set whether there is an agent or not, so that this is no part of what the step's result depends on.
            if !(exec.environment + environment).contains(where: { $0.name == name }) {
                environment.append(EnvironmentVariable(name: name, value: target))
            }
            guard let agent = solver.environment.sandbox.agents.last(where: { $0.id == ssh.id }) else {
                if ssh.isRequired {
                    throw SolveFailure(
                        "the ssh agent `\(ssh.id)` is required, and was not given",
                        hint: "pass --ssh \(ssh.id)=SOCKET, or --ssh default for the agent of $SSH_AUTH_SOCK"
                    )
                }
                return
            }
            let folder = folder
            let socket = try await BlockingThread.run { try AgentSocket(for: agent, as: ssh, in: folder) }
            agents.append(socket)
            insertStub(target, isDirectory: false)
            mounts.append(ContainerMount(.bind(socket.path), on: target, [.noSetID, .noExecution]))
        }

        /// Adds the devices that were granted; no other name is looked at.
        mutating func add(_ devices: [ExecDevice]) throws {
            let injection: DeviceInjection
            do {
                injection = try DeviceInjection(solver.environment.sandbox.devices.edits(for: devices.flatMap(\.names)))
            } catch {
                let names = devices.flatMap(\.names).map { "`\($0)`" }.joined(separator: ", ")
                throw SolveFailure("the command cannot be given \(names): \(error)", hint: error.hint)
            }
            for item in injection.items {
                insertStub(item.mount.target, isDirectory: item.isDirectory)
                mounts.append(item.mount)
            }
            for variable in injection.environment {
                let parts = variable.bytes.split(
                    separator: UInt8(ascii: "="),
                    maxSplits: 1,
                    omittingEmptySubsequences: false
                )
                let value = parts.count == 2 ? ByteString(parts[1]) : ""
                environment.append(EnvironmentVariable(name: ByteString(parts[0]), value: value))
            }
            groups += injection.groups
        }

        /// Has apt, where the image has it, fetch as the only user there is: it would take another and find it missing.
        mutating func addPackageSettings() throws {
            let folder: ByteString = "etc/apt/apt.conf.d"
            guard try view.status(folder)?.kind == .directory else { return }
            let target = ByteString("/") + folder.appendingPath("zz-single-id")
            insertStub(target, isDirectory: false)
            mounts.append(.generatedFile(Array("APT::Sandbox::User \"root\";\n".utf8), on: target))
        }

        mutating func add(_ script: InlineFile) {
            let target = ByteString("/dev/pipes").appendingPath(script.name)
            mounts.append(
                ContainerMount(
                    .file(script.content.bytes, permissions: script.permissions),
                    on: target,
                    [.readOnly, .noSetID]
                )
            )
        }
    }
}
