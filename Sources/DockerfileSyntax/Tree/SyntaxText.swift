import ByteStrings
import SourceDiagnostics

/// Writes syntax as text that shows every field.
enum SyntaxText {
    static func place(_ range: SourceRange) -> String {
        "\(range.start.line):\(range.start.column)-\(range.end.line):\(range.end.column)"
    }

    /// The bytes between double quotes, everything but printable ASCII escaped.
    static func quoted(_ bytes: ByteString) -> String {
        var text = "\""
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): text += "\\" + String(UnicodeScalar(byte))
            case UInt8(ascii: "\n"): text += "\\n"
            case UInt8(ascii: "\r"): text += "\\r"
            case UInt8(ascii: "\t"): text += "\\t"
            case 0x20..<0x7F: text += String(UnicodeScalar(byte))
            default: text += "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }
        }
        return text + "\""
    }

    static func text(_ from: FromInstruction) -> String {
        var text = "FROM \(quoted(from.image))"
        if let name = from.stageName { text += " as=\(quoted(name))" }
        if let platform = from.platform { text += " platform=\(quoted(platform))" }
        return text
    }

    static func text(_ instruction: Instruction) -> String {
        ([instruction.keyword.written] + fields(of: instruction)).joined(separator: " ")
    }

    private static func fields(of instruction: Instruction) -> [String] {
        switch instruction {
        case .add(let add): fields(of: add)
        case .arg(let arg):
            arg.declarations.map { quoted($0.name) + ($0.defaultValue.map { "=" + quoted($0) } ?? "") }
        case .cmd(let cmd): [text(cmd.command)]
        case .copy(let copy): fields(of: copy)
        case .entrypoint(let entrypoint): [text(entrypoint.command)]
        case .env(let env): fields(of: env.pairs, env.isLegacyForm)
        case .expose(let expose): expose.ports.map(quoted)
        case .healthcheck(.none): ["none"]
        case .healthcheck(.command(let command, let options)): fields(of: options) + [text(command)]
        case .label(let label): fields(of: label.pairs, label.isLegacyForm)
        case .maintainer(let maintainer): [quoted(maintainer.name)]
        case .onbuild(let onbuild):
            [quoted(onbuild.text), "(\(place(onbuild.trigger.range)) \(text(onbuild.trigger.syntax)))"]
        case .run(let run): fields(of: run)
        case .shell(let shell): shell.arguments.map(quoted)
        case .stopsignal(let stopsignal): [quoted(stopsignal.signal)]
        case .user(let user): [quoted(user.user)]
        case .volume(let volume): volume.paths.map(quoted)
        case .workdir(let workdir): [quoted(workdir.path)]
        }
    }

    private static func text(_ command: CommandForm) -> String {
        switch command {
        case .shell(let text): "shell " + quoted(text)
        case .exec(let arguments): "exec [" + arguments.map(quoted).joined(separator: ", ") + "]"
        }
    }

    private static func fields(of pairs: [KeyValue], _ isLegacyForm: Bool) -> [String] {
        (isLegacyForm ? ["legacy"] : []) + pairs.map { quoted($0.key) + "=" + quoted($0.value) }
    }

    private static func field(_ name: String, _ value: ByteString?) -> [String] {
        value.map { ["\(name)=\(quoted($0))"] } ?? []
    }

    private static func fields(of copy: CopyInstruction) -> [String] {
        var fields = field("from", copy.from) + field("chown", copy.chown) + field("chmod", copy.chmod)
        if copy.link { fields.append("link") }
        if copy.parents { fields.append("parents") }
        fields += copy.excludes.flatMap { field("exclude", $0) }
        return fields + copy.sources.map(text) + ["->", quoted(copy.destination)]
    }

    private static func fields(of add: AddInstruction) -> [String] {
        var fields = field("chown", add.chown) + field("chmod", add.chmod) + field("checksum", add.checksum)
        if add.link { fields.append("link") }
        if let keep = add.keepGitDirectory { fields.append("keep-git-dir=\(keep)") }
        if let unpack = add.unpack { fields.append("unpack=\(unpack)") }
        fields += add.excludes.flatMap { field("exclude", $0) }
        return fields + add.sources.map(text) + ["->", quoted(add.destination)]
    }

    private static func fields(of run: RunInstruction) -> [String] {
        run.mounts.flatMap { field("mount", $0) } + field("network", run.network) + field("security", run.security)
            + run.devices.flatMap { field("device", $0) } + [text(run.command)] + run.heredocs.map(text)
    }

    private static func fields(of options: HealthcheckOptions) -> [String] {
        let durations = [
            ("interval", options.interval), ("timeout", options.timeout), ("start-period", options.startPeriod),
            ("start-interval", options.startInterval),
        ]
        return durations.compactMap { name, value in value.map { "\(name)=\($0)ns" } }
            + (options.retries.map { ["retries=\($0)"] } ?? [])
    }

    private static func text(_ source: CopySource) -> String {
        switch source {
        case .path(let path): quoted(path)
        case .heredoc(let heredoc): text(heredoc)
        }
    }

    private static func text(_ heredoc: Heredoc) -> String {
        var text = "<<" + quoted(heredoc.name)
        if heredoc.stripsTabs { text += " stripped" }
        if !heredoc.expands { text += " quoted" }
        if let descriptor = heredoc.fileDescriptor { text += " fd=\(descriptor)" }
        text += " " + quoted(heredoc.written) + " " + quoted(heredoc.content)
        if heredoc.writtenContent != heredoc.content { text += " " + quoted(heredoc.writtenContent) }
        return "{" + text + "}"
    }
}
