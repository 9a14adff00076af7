import ByteStrings
import DeviceModel
import OCIModel
import SourceDiagnostics

extension BuildPlan {
    /// The whole plan as text for tests: one block for each step, then the image.
    package var debugText: String {
        var lines = steps.flatMap(Self.lines)
        lines.append("image \(target.platform.description)")
        lines.append("    head: \(target.head?.description ?? "none")")
        if let base = target.base { lines.append("    base: \(base.manifest)") }
        lines += Self.lines(target.configuration)
        for entry in target.history {
            lines.append("    history: \(entry.step?.description ?? "-") \(Self.visible(ByteString(entry.createdBy)))")
        }
        if let sourceDateEpoch { lines.append("    epoch: \(sourceDateEpoch)") }
        for warning in warnings { lines.append("warning: \(warning.message)") }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func lines(_ step: Step) -> [String] {
        var result = ["\(step.id) \(visible(ByteString(step.title)))"]
        if let parent = step.parent { result.append("    parent: \(parent)") }
        if let range = step.range { result.append("    line: \(range.start.line)") }
        if step.ignoresCache { result.append("    ignores the cache") }
        return result + lines(step.operation).map { "    " + $0 }
    }

    private static func lines(_ operation: Operation) -> [String] {
        switch operation {
        case .image(let image):
            return [
                "image: \(visible(image.request.name)) \(image.request.platform.description) \(image.image.manifest)"
            ]
        case .makeDirectory(let directory):
            return ["directory: \(visible(directory.path))"]
                + (directory.user.isEmpty ? [] : ["user: \(visible(directory.user))"])
        case .copy(let copy):
            return lines(copy)
        case .exec(let exec):
            return lines(exec)
        }
    }

    private static func lines(_ copy: CopyOperation) -> [String] {
        var lines = ["from: \(text(copy.origin))"]
        for source in copy.sources {
            switch source {
            case .path(let path): lines.append("source: \(visible(path))")
            case .remote(let remote): lines.append("remote: \(text(remote))")
            case .inline(let file): lines.append("inline: \(text(file))")
            }
        }
        lines.append("to: \(visible(copy.destination))")
        if let owner = copy.owner { lines.append("owner: \(visible(owner))") }
        if let permissions = copy.permissions { lines.append("permissions: \(visible(permissions))") }
        lines += copy.excludes.map { "exclude: \(visible($0))" }
        if copy.isLink { lines.append("link") }
        if copy.keepsParents { lines.append("parents") }
        if copy.isAdd { lines.append("unpack: \(copy.unpacking.rawValue)") }
        return lines
    }

    private static func lines(_ exec: ExecOperation) -> [String] {
        var lines = ["arguments: " + HistoryText.quotedList(exec.arguments)]
        lines += exec.environment.map { "environment: \(visible($0.name))=\(visible($0.value))" }
        lines += exec.proxyEnvironment.map { "proxy: \(visible($0.name))=\(visible($0.value))" }
        lines.append("directory: \(visible(exec.workingDirectory))")
        if !exec.user.isEmpty { lines.append("user: \(visible(exec.user))") }
        lines += exec.mounts.map { "mount: " + text($0) }
        lines.append("network: \(exec.network.rawValue)")
        if exec.isInsecure { lines.append("insecure") }
        if let name = exec.hostName { lines.append("host name: \(visible(name))") }
        lines += exec.devices.map { device in
            "device: \(device.meant)" + device.names.map { " \($0)" }.joined()
        }
        lines += exec.limits.map { "limit: \($0.name) \($0.soft) \($0.hard)" }
        lines += exec.extraHosts.map { "host: \(visible($0.name)) \(visible($0.address))" }
        lines += exec.scripts.map { "script: \(text($0))" }
        return lines
    }

    private static func lines(_ configuration: ImageConfiguration) -> [String] {
        let config = configuration.config
        var lines: [String] = []
        if let author = configuration.author { lines.append("author: \(author)") }
        lines += (config.environment ?? []).map { "environment: \($0)" }
        if let user = config.user { lines.append("user: \(user)") }
        if let directory = config.workingDirectory { lines.append("directory: \(directory)") }
        if let entrypoint = config.entrypoint { lines.append("entrypoint: \(entrypoint)") }
        if let cmd = config.cmd { lines.append("cmd: \(cmd)") }
        if let shell = config.shell { lines.append("shell: \(shell)") }
        lines += (config.exposedPorts ?? []).sorted().map { "port: \($0)" }
        lines += (config.volumes ?? []).sorted().map { "volume: \($0)" }
        lines += (config.labels ?? [:]).sorted { $0.key < $1.key }.map { "label: \($0.key)=\($0.value)" }
        if let signal = config.stopSignal { lines.append("signal: \(signal)") }
        if let test = config.healthcheck?.test { lines.append("healthcheck: \(test)") }
        lines += (config.onBuild ?? []).map { "trigger: \($0)" }
        return lines.map { "    " + visible(ByteString($0)) }
    }

    private static func text(_ origin: FileOrigin) -> String {
        switch origin {
        case .context(nil): "context"
        case .context(let name?): "context \(visible(name))"
        case .step(let id): "\(id)"
        case .nothing: "nothing"
        }
    }

    private static func text(_ remote: RemoteSource) -> String {
        var words = ["\(remote.kind.rawValue) \(visible(remote.shownAddress))"]
        if let checksum = remote.checksum { words.append("checksum \(visible(checksum))") }
        if let keeps = remote.keepsGitDirectory { words.append(keeps ? "with .git" : "without .git") }
        if remote.isUnpacked { words.append("unpacked") }
        return words.joined(separator: " ")
    }

    private static func text(_ file: InlineFile) -> String {
        "\(visible(file.name)) 0\(String(file.permissions, radix: 8)) \(HistoryText.quoted(file.content))"
    }

    private static func text(_ mount: MountOperation) -> String {
        let target = mount.target.map(visible) ?? "-"
        switch mount.kind {
        case .bind(let bind):
            return "bind \(target) \(text(bind.origin)) \(visible(bind.source)) \(bind.isReadOnly ? "ro" : "rw")"
        case .cache(let cache):
            return "cache \(target) \(visible(cache.id)) \(cache.sharing.rawValue) \(text(cache.origin)) "
                + "\(visible(cache.source)) 0\(String(cache.permissions, radix: 8)) \(cache.owner):\(cache.group) "
                + (cache.isReadOnly ? "ro" : "rw")
        case .tmpfs(let size, let isReadOnly):
            return "tmpfs \(target) \(size.map { "\($0)" } ?? "-")\(isReadOnly ? " ro" : "")"
        case .secret(let secret):
            return "secret \(target) \(visible(secret.id)) \(secret.environmentName.map(visible) ?? "-") "
                + "0\(String(secret.permissions, radix: 8)) \(secret.owner):\(secret.group) "
                + (secret.isRequired ? "required" : "optional")
        case .ssh(let ssh):
            return "ssh \(target) \(visible(ssh.id)) 0\(String(ssh.permissions, radix: 8)) \(ssh.owner):\(ssh.group) "
                + (ssh.isRequired ? "required" : "optional")
        }
    }

    /// The text on one line.
    private static func visible(_ text: ByteString) -> String {
        String(HistoryText.quoted(text).dropFirst().dropLast())
    }
}
