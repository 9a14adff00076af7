import ByteStrings
import DockerfileSyntax
import SourceDiagnostics
import TestSupport

/// Syntax made up at random without any text: only what a Dockerfile can say.
struct GeneratedTree {
    private(set) var dockerfile: Dockerfile
    private var random: SeededGenerator

    private static let nowhere = SourceRange(SourceLocation(line: 0, column: 0), SourceLocation(line: 0, column: 0))

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
        dockerfile = Dockerfile()
        if random.once(in: 2) {
            let escape = random.pick([UInt8(ascii: "`"), UInt8(ascii: "\\")])
            dockerfile.escape = escape
            dockerfile.directives = [
                ParserDirective(name: "escape", value: ByteString([escape]), range: Self.nowhere)
            ]
        }
        if random.once(in: 2) { dockerfile.globalArguments = [Located(arguments(), at: Self.nowhere)] }
        for _ in 0..<Int.random(in: 1...2, using: &random) {
            let from = FromInstruction(
                image: ByteString(random.pick(["scratch", "a/b:c", "--x", "$I"])),
                stageName: random.once(in: 2) ? "Name_1.x" : nil,
                platform: random.once(in: 3) ? bytes(least: 1) : nil
            )
            let instructions = (0..<Int.random(in: 0...8, using: &random)).map { _ in
                Located(instruction(), at: Self.nowhere)
            }
            dockerfile.stages.append(Stage(from: Located(from, at: Self.nowhere), instructions: instructions))
        }
    }

    // MARK: Instructions

    private mutating func instruction() -> Instruction {
        switch Int.random(in: 0..<16, using: &random) {
        case 0: .cmd(CmdInstruction(command: command()))
        case 1: .entrypoint(EntrypointInstruction(command: command()))
        case 2: .shell(ShellInstruction(arguments: strings(1)))
        case 3: .volume(VolumeInstruction(paths: strings(1).map { ByteString("/".utf8 + $0.bytes + ".".utf8) }))
        case 4, 5: .copy(copy())
        case 6: .add(add())
        case 7, 8: .run(run())
        case 9: .env(EnvInstruction(pairs: pairs()))
        case 10: .label(LabelInstruction(pairs: pairs()))
        case 11: .arg(arguments())
        case 12: .healthcheck(healthcheck())
        case 13: .env(EnvInstruction(pairs: [KeyValue(key: "key", value: text())], isLegacyForm: true))
        case 14: .workdir(WorkdirInstruction(path: text()))
        default: .expose(ExposeInstruction(ports: ["80", "$P", "90-99/udp"]))
        }
    }

    private mutating func command() -> CommandForm {
        random.once(in: 2) ? .exec(strings(0)) : .shell(text())
    }

    private mutating func copy() -> CopyInstruction {
        CopyInstruction(
            sources: sources(),
            destination: "/to",
            from: optional(),
            chown: optional(),
            chmod: optional(),
            link: random.once(in: 2),
            parents: random.once(in: 2),
            excludes: random.once(in: 3) ? [lineBytes(), ""] : []
        )
    }

    private mutating func add() -> AddInstruction {
        AddInstruction(
            sources: sources(),
            destination: "/to",
            checksum: optional(),
            keepGitDirectory: random.pick([nil, true, false]),
            unpack: random.pick([nil, true, false]),
            excludes: [lineBytes()]
        )
    }

    private mutating func run() -> RunInstruction {
        var run = RunInstruction(
            command: .exec(strings(1)),
            mounts: random.once(in: 2) ? ["type=bind,\"target=/a,b\"", "type=secret,id=it's $x"] : [],
            network: random.pick([nil, "none", "host"]),
            security: random.pick([nil, "sandbox"]),
            devices: random.once(in: 3) ? [lineBytes()] : []
        )
        if random.once(in: 2) {
            run.heredocs = [heredoc("E"), heredoc("F")]
            run.command = .shell(ByteString("cat \(run.heredocs[0].written) && cat \(run.heredocs[1].written)"))
        }
        return run
    }

    private mutating func healthcheck() -> HealthcheckInstruction {
        let options = HealthcheckOptions(
            interval: random.pick([nil, 0, 1_000_000, 90_000_000_000, .max]),
            timeout: random.pick([nil, 1_234_567, 3_600_000_000_000]),
            startPeriod: random.pick([nil, 1_000_001]),
            startInterval: random.pick([nil, 5_000_000]),
            retries: random.pick([nil, 0, Int(Int32.max)])
        )
        return random.once(in: 4) ? .none : .command(random.once(in: 2) ? .exec(strings(1)) : .shell(text()), options)
    }

    private mutating func sources() -> [CopySource] {
        if random.once(in: 2) { return strings(1).map { .path($0) } }
        return [.path("a"), .path("b'c'"), .heredoc(heredoc("one.txt")), .heredoc(heredoc("F"))]
    }

    private mutating func heredoc(_ name: String) -> Heredoc {
        let (written, expands) = random.pick([
            (name, true), ("'\(name)'", false), ("\"\(name)\"", false), ("\\\(name)", true),
        ])
        let strips = random.once(in: 2)
        let descriptor = random.pick([nil, 0, 3])
        var content = random.pick(["", "x\n", "\r\n\\\n# no comment\nE \nFROM y\n", "<<E\n${\n'\n"])
        if !strips { content = content.replacing("x", with: "\tx") }
        return Heredoc(
            name: ByteString(name),
            content: ByteString(content),
            expands: expands,
            stripsTabs: strips,
            fileDescriptor: descriptor,
            written: ByteString("\(descriptor.map(String.init) ?? "")<<\(strips ? "-" : "")\(written)"),
            writtenContent: strips ? ByteString(content.replacing("x", with: "\t\tx")) : nil
        )
    }

    private mutating func arguments() -> ArgInstruction {
        let declarations = pairs().map { ArgDeclaration(name: $0.key, defaultValue: $0.value) }
        return ArgInstruction(declarations: declarations + (random.once(in: 2) ? [ArgDeclaration(name: "bare")] : []))
    }

    private mutating func pairs() -> [KeyValue] {
        (0..<Int.random(in: 1...3, using: &random)).map { index in
            let values = [
                "", "plain", "'single quoted'", "\"double  \u{A0} quoted\"", "a=b", "$V${W:-x}", "\"\"", "é", "x'y z'",
            ]
            return KeyValue(key: ByteString("K\(index)"), value: ByteString(random.pick(values)))
        }
    }

    // MARK: Words

    /// Text for the rest of a line: no blanks around it, and no continuation but of both characters behind it.
    private mutating func text() -> ByteString {
        ByteString(
            random.pick(["x", "--flag  x", "-x", "[ -f x ]", "[\"a\", ]"])
                + random.pick(["", " \\", " `", "\\\\", " é", "\" y'"])
        )
    }

    private mutating func optional() -> ByteString? {
        random.once(in: 3) ? lineBytes(least: 1) : nil
    }

    /// Any bytes but line feeds.
    private mutating func lineBytes(least: Int = 0) -> ByteString {
        ByteString(bytes(least: least).map { $0 == 0x0A ? 0x20 : $0 })
    }

    private mutating func bytes(least: Int = 0) -> ByteString {
        let special = Array(" \\`\"'$<[,=-#\t\r\u{0B}".utf8)
        return ByteString(
            (0..<Int.random(in: least...(least + 6), using: &random)).map { _ in
                random.once(in: 2) ? random.pick(special) : UInt8(Int.random(in: 11...255, using: &random))
            }
        )
    }

    private mutating func strings(_ least: Int) -> [ByteString] {
        (0..<Int.random(in: least...(least + 3), using: &random)).map { _ in
            random.once(in: 3)
                ? bytes() + ByteString(random.pick(["\n", "", "<<E"])) : ByteString(random.pick(["a", "b c", ""]))
        }
    }
}
