import ByteStrings
import SourceDiagnostics

/// Writes pieces of syntax as JSON.
enum SyntaxNode {
    /// A string, or an object of `text` and `bytes` for what is no UTF-8.
    static func bytes(_ bytes: ByteString) -> JSONNode {
        if let text = bytes.validatedString { return .string(text) }
        return .object(members(bytes))
    }

    /// The members `text`, `bytes` where the text is no UTF-8, and `range`.
    static func text(_ text: ByteString, at range: SourceRange) -> [JSONNode.Member] {
        members(text) + [.init("range", range.json)]
    }

    static func node(_ comment: Comment) -> JSONNode {
        .object(text(comment.text, at: comment.range))
    }

    private static func members(_ bytes: ByteString) -> [JSONNode.Member] {
        let text = JSONNode.Member("text", .string(bytes.description))
        return bytes.validatedString == nil ? [text, .init("bytes", .string(hexadecimal(bytes)))] : [text]
    }

    private static func hexadecimal(_ bytes: ByteString) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    private static func list(_ strings: [ByteString]) -> JSONNode {
        .array(strings.map(bytes))
    }

    // MARK: Instructions

    /// The fields that only this kind of instruction has; of a trigger its stored text.
    static func fields(of instruction: Instruction) -> [JSONNode.Member] {
        switch instruction {
        case .add(let add): fields(of: add)
        case .arg(let arg): [.init("declarations", .array(arg.declarations.map(node)))]
        case .cmd(let cmd): [.init("command", node(cmd.command))]
        case .copy(let copy): fields(of: copy)
        case .entrypoint(let entrypoint): [.init("command", node(entrypoint.command))]
        case .env(let env): fields(of: env.pairs, env.isLegacyForm)
        case .expose(let expose): [.init("ports", list(expose.ports))]
        case .healthcheck(.none): [.init("none", .boolean(true))]
        case .healthcheck(.command(let command, let options)): [.init("command", node(command))] + fields(of: options)
        case .label(let label): fields(of: label.pairs, label.isLegacyForm)
        case .maintainer(let maintainer): [.init("name", bytes(maintainer.name))]
        case .onbuild(let onbuild): [.init("text", bytes(onbuild.text))]
        case .run(let run): fields(of: run)
        case .shell(let shell): [.init("shell", list(shell.arguments))]
        case .stopsignal(let stopsignal): [.init("signal", bytes(stopsignal.signal))]
        case .user(let user): [.init("user", bytes(user.user))]
        case .volume(let volume): [.init("paths", list(volume.paths))]
        case .workdir(let workdir): [.init("path", bytes(workdir.path))]
        }
    }

    private static func node(_ declaration: ArgDeclaration) -> JSONNode {
        var members = [JSONNode.Member("name", bytes(declaration.name))]
        if let value = declaration.defaultValue { members.append(.init("default", bytes(value))) }
        if !declaration.comments.isEmpty {
            members.append(.init("comments", .array(declaration.comments.map(node))))
        }
        return .object(members)
    }

    private static func node(_ command: CommandForm) -> JSONNode {
        switch command {
        case .shell(let text): .object([.init("form", .string("shell")), .init("text", bytes(text))])
        case .exec(let arguments): .object([.init("form", .string("exec")), .init("arguments", list(arguments))])
        }
    }

    private static func fields(of pairs: [KeyValue], _ isLegacyForm: Bool) -> [JSONNode.Member] {
        let nodes = pairs.map { JSONNode.object([.init("key", bytes($0.key)), .init("value", bytes($0.value))]) }
        return [.init("pairs", .array(nodes)), .init("legacyForm", .boolean(isLegacyForm))]
    }

    private static func optional(_ name: String, _ value: ByteString?) -> [JSONNode.Member] {
        value.map { [.init(name, bytes($0))] } ?? []
    }

    private static func optional(_ name: String, _ value: Bool?) -> [JSONNode.Member] {
        value.map { [.init(name, .boolean($0))] } ?? []
    }

    private static func fields(of copy: CopyInstruction) -> [JSONNode.Member] {
        let files: [JSONNode.Member] = [
            .init("sources", .array(copy.sources.map(node))), .init("destination", bytes(copy.destination)),
        ]
        let owner = optional("from", copy.from) + optional("chown", copy.chown) + optional("chmod", copy.chmod)
        return files + owner + [
            .init("link", .boolean(copy.link)), .init("parents", .boolean(copy.parents)),
            .init("excludes", list(copy.excludes)),
        ]
    }

    private static func fields(of add: AddInstruction) -> [JSONNode.Member] {
        let files: [JSONNode.Member] = [
            .init("sources", .array(add.sources.map(node))), .init("destination", bytes(add.destination)),
        ]
        let owner = optional("chown", add.chown) + optional("chmod", add.chmod) + optional("checksum", add.checksum)
        let switches = optional("keepGitDir", add.keepGitDirectory) + optional("unpack", add.unpack)
        return files + owner + switches + [.init("link", .boolean(add.link)), .init("excludes", list(add.excludes))]
    }

    private static func fields(of run: RunInstruction) -> [JSONNode.Member] {
        let command: [JSONNode.Member] = [
            .init("command", node(run.command)), .init("heredocs", .array(run.heredocs.map(node))),
            .init("mounts", list(run.mounts)),
        ]
        let sandbox = optional("network", run.network) + optional("security", run.security)
        return command + sandbox + [.init("devices", list(run.devices))]
    }

    private static func fields(of options: HealthcheckOptions) -> [JSONNode.Member] {
        let numbers = [
            ("interval", options.interval), ("timeout", options.timeout), ("startPeriod", options.startPeriod),
            ("startInterval", options.startInterval), ("retries", options.retries.map { Int64($0) }),
        ]
        return numbers.compactMap { name, value in value.map { .init(name, .integer($0)) } }
    }

    private static func node(_ source: CopySource) -> JSONNode {
        switch source {
        case .path(let path): .object([.init("path", bytes(path))])
        case .heredoc(let heredoc): .object([.init("heredoc", node(heredoc))])
        }
    }

    private static func node(_ heredoc: Heredoc) -> JSONNode {
        var members: [JSONNode.Member] = [
            .init("name", bytes(heredoc.name)), .init("written", bytes(heredoc.written)),
            .init("expands", .boolean(heredoc.expands)), .init("stripsTabs", .boolean(heredoc.stripsTabs)),
        ]
        if let descriptor = heredoc.fileDescriptor {
            members.append(.init("fileDescriptor", .integer(Int64(descriptor))))
        }
        members.append(.init("content", bytes(heredoc.content)))
        if heredoc.writtenContent != heredoc.content {
            members.append(.init("writtenContent", bytes(heredoc.writtenContent)))
        }
        return .object(members)
    }
}
