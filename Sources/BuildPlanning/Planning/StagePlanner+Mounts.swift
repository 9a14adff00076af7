import ByteStrings
import DockerfileSyntax
import OCIModel
import SourceDiagnostics

extension StagePlanner {
    /// The mounts of a RUN in the order given; `sources` has the node for each, where it names one.
    func mounts(
        _ written: [ByteString],
        sources: [Int?],
        at range: SourceRange
    ) throws(PlanErrors) -> [MountOperation] {
        var operations: [MountOperation] = []
        for (text, source) in zip(written, sources) {
            let mount = try assembly.expander.mount(text, state.environment, at: range)
            let agents = operations.count { if case .ssh = $0.kind { true } else { false } }
            operations.append(try operation(mount, source: source, agents: agents, at: range))
        }
        return operations
    }

    /// One mount; `agents` is how many of those before it are of an ssh agent.
    private func operation(
        _ mount: RunMount,
        source: Int?,
        agents: Int,
        at range: SourceRange
    ) throws(PlanErrors) -> MountOperation {
        switch mount.type {
        case .bind:
            let origin = try origin(of: mount, node: source, otherwise: .context(nil), at: range)
            let bind = BindMount(
                origin: origin,
                source: mount.source.lexicallyCleanedAbsolute,
                isReadOnly: mount.readOnly
            )
            return MountOperation(kind: .bind(bind), target: try target(of: mount, at: range))
        case .cache:
            let origin = try origin(of: mount, node: source, otherwise: .nothing, at: range)
            let target = try target(of: mount, at: range)
            return MountOperation(kind: .cache(try cache(mount, origin: origin, at: range)), target: target)
        case .tmpfs:
            let size = mount.size.flatMap { UInt64(exactly: $0) }
            return MountOperation(
                kind: .tmpfs(size: size == 0 ? nil : size, isReadOnly: mount.readOnly),
                target: try target(of: mount, at: range)
            )
        case .secret:
            return try secret(mount, at: range)
        case .ssh:
            let ssh = SSHMount(
                id: mount.id ?? "default",
                isRequired: mount.required,
                permissions: try permissions(of: mount, at: range) ?? 0o600,
                owner: mount.uid ?? 0,
                group: mount.gid ?? 0
            )
            let usual = ByteString("/run/buildkit/ssh_agent.\(agents)")
            return MountOperation(
                kind: .ssh(ssh),
                target: mount.target.isEmpty ? usual : try target(of: mount, at: range)
            )
        }
    }

    private func origin(
        of mount: RunMount,
        node: Int?,
        otherwise fallback: FileOrigin,
        at range: SourceRange
    ) throws(PlanErrors) -> FileOrigin {
        guard let node else { return fallback }
        if let origin = assembly.origin(of: node) { return origin }
        throw PlanErrors(
            "StageOrder",
            "cannot mount from stage `\(mount.from ?? "")`: it needs to be defined before the stage that mounts it",
            at: range
        )
    }

    private func target(of mount: RunMount, at range: SourceRange) throws(PlanErrors) -> ByteString {
        let target = absolutePath(mount.target)
        guard !mount.target.isEmpty, target != "/" else {
            throw PlanErrors(
                "MountTarget",
                "invalid mount target `\(mount.target)`",
                at: range,
                hint: "add target=PATH with a path other than `/`"
            )
        }
        return target
    }

    private func cache(
        _ mount: RunMount,
        origin: FileOrigin,
        at range: SourceRange
    ) throws(PlanErrors) -> CacheMount {
        let cleaned = mount.target.lexicallyCleanedAbsolute
        let usualID = mount.target.isAbsolutePath ? cleaned : ByteString(cleaned.dropFirst())
        let id = mount.id ?? usualID
        let namespace = assembly.arguments.given[PredefinedArguments.cacheMountNamespace] ?? ""
        return CacheMount(
            id: namespace.isEmpty ? id : namespace + "/" + id,
            sharing: mount.sharing.flatMap { CacheMount.Sharing(rawValue: $0.rawValue) } ?? .shared,
            origin: origin,
            source: mount.source.lexicallyCleanedAbsolute,
            permissions: try permissions(of: mount, at: range) ?? 0o755,
            owner: mount.uid ?? 0,
            group: mount.gid ?? 0,
            isReadOnly: mount.readOnly
        )
    }

    private func secret(_ mount: RunMount, at range: SourceRange) throws(PlanErrors) -> MountOperation {
        let id = mount.secretID
        let secret = SecretMount(
            id: id,
            isRequired: mount.required,
            environmentName: mount.env,
            permissions: try permissions(of: mount, at: range) ?? 0o400,
            owner: mount.uid ?? 0,
            group: mount.gid ?? 0
        )
        // A secret that is a variable is no file unless it says where.
        if mount.target.isEmpty, mount.env != nil { return MountOperation(kind: .secret(secret), target: nil) }
        let isDefault = mount.target.isEmpty
        let path = isDefault ? "/run/secrets/" + id.lastPathComponent : absolutePath(mount.target)
        guard path != "/", path != "/run/secrets/" else {
            throw PlanErrors("MountTarget", "the secret `\(id)` has no file name", at: range)
        }
        return MountOperation(kind: .secret(secret), target: path)
    }

    private func permissions(of mount: RunMount, at range: SourceRange) throws(PlanErrors) -> UInt16? {
        guard let mode = mount.mode else { return nil }
        guard mode <= 0o7777 else {
            throw PlanErrors("MountMode", "invalid mode `\(String(mode, radix: 8))`: it is at most 7777", at: range)
        }
        return UInt16(mode)
    }
}
