import ByteStrings
import DockerfileSyntax
import OCIModel
import SourceDiagnostics

extension StagePlanner {
    /// Where programs given as heredocs lie while they run.
    static let scriptFolder: ByteString = "/dev/pipes"

    mutating func plan(_ run: RunInstruction, sources: [Int?], at range: SourceRange) throws(PlanErrors) {
        let mounts = try mounts(run.mounts, sources: sources, at: range)
        let (arguments, scripts) = command(run)
        let operation = ExecOperation(
            arguments: arguments,
            environment: state.environment.variables,
            proxyEnvironment: assembly.arguments.proxyEnvironment,
            workingDirectory: state.workingDirectory.lexicallyCleanedAbsolute,
            user: ByteString(state.configuration.config.user ?? ""),
            mounts: mounts,
            network: try network(run.network, at: range),
            isInsecure: try isInsecure(run.security, at: range),
            devices: try devices(run.devices, at: range),
            hostName: assembly.arguments.hostName,
            extraHosts: assembly.request.extraHosts,
            limits: assembly.request.limits,
            scripts: scripts
        )
        let step = append(.exec(operation), at: range, title: title(run))
        record("RUN " + declaredArguments + historyText(arguments) + " # buildkit", step: step)
    }

    /// The process to run, and the files it needs beside the image's.
    private func command(_ run: RunInstruction) -> (arguments: [ByteString], scripts: [InlineFile]) {
        guard case .shell(let text) = run.command, !run.heredocs.isEmpty else { return (arguments(run.command), []) }
        guard let heredoc = loneHeredoc(of: run) else {
            // Anything but a lone heredoc is the shell's own, bodies included.
            let whole = run.heredocs.reduce(text) { $0 + "\n" + $1.writtenContent + $1.name }
            return (shellArguments(whole), [])
        }
        guard heredoc.content.hasPrefix("#!") else { return (shellArguments(heredoc.content), []) }
        let script = InlineFile(name: heredoc.name, content: heredoc.content, permissions: 0o755)
        return (shellArguments(Self.scriptFolder.appendingPath(heredoc.name)), [script])
    }

    /// The heredoc that is the whole of the command.
    private func loneHeredoc(of run: RunInstruction) -> Heredoc? {
        guard run.heredocs.count == 1, let heredoc = run.heredocs.first else { return nil }
        return run.command == .shell(heredoc.written) ? heredoc : nil
    }

    private func network(_ written: ByteString?, at range: SourceRange) throws(PlanErrors) -> NetworkMode {
        let usual = assembly.request.defaultNetwork
        guard let written else { return usual }
        guard let mode = NetworkMode(rawValue: written.description) else {
            throw PlanErrors(
                "Network",
                "invalid --network `\(written)`",
                at: places.flag("network", in: range),
                hint: "it is default, none or host"
            )
        }
        if mode == .default { return usual }
        if mode == .host, usual != .host, !assembly.request.allowsHostNetwork {
            throw PlanErrors(
                "Entitlement",
                "RUN --network=host is not allowed",
                at: places.flag("network", in: range),
                hint: "allow it with --allow network.host"
            )
        }
        return mode
    }

    private func isInsecure(_ written: ByteString?, at range: SourceRange) throws(PlanErrors) -> Bool {
        switch written {
        case nil, "sandbox": return false
        case "insecure":
            if assembly.request.allowsInsecure { return true }
            throw PlanErrors(
                "Entitlement",
                "RUN --security=insecure is not allowed",
                at: places.flag("security", in: range),
                hint: "allow it with --allow security.insecure"
            )
        case let other?:
            throw PlanErrors(
                "Security",
                "invalid --security `\(other)`",
                at: places.flag("security", in: range),
                hint: "it is sandbox or insecure"
            )
        }
    }

    // MARK: Text

    /// `|2 A=1 B=2 `: every ARG declared so far with the value its name has now; nothing when there is none.
    private var declaredArguments: String {
        var values = EnvironmentList()
        for (name, value) in state.arguments {
            values.set(name, to: state.environment[name] ?? value ?? "")
        }
        guard !values.variables.isEmpty else { return "" }
        let words = ["|\(values.variables.count)"] + values.variables.map { "\($0.name)=\($0.value)" }
        return words.joined(separator: " ") + " "
    }

    private func historyText(_ arguments: [ByteString]) -> String {
        arguments.map(\.description).joined(separator: " ")
    }

    /// The instruction as written, on one line.
    private func title(_ run: RunInstruction) -> String {
        var words = ["RUN"] + run.mounts.map { "--mount=\($0)" } + run.devices.map { "--device=\($0)" }
        switch run.command {
        case .shell(let text): words.append(text.description)
        case .exec(let arguments):
            words.append("[" + arguments.map(HistoryText.quoted).joined(separator: ", ") + "]")
        }
        if let body = loneHeredoc(of: run)?.content {
            let lines = body.bytes.split(separator: UInt8(ascii: "\n"))
            let more = lines.count > 1 ? "..." : ""
            words.append("(\(ByteString(lines.first ?? []))\(more))")
        }
        return words.joined(separator: " ")
    }
}
