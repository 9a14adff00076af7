import ByteStrings
import SourceDiagnostics

extension InstructionParser {
    /// A command in exec or shell form; nil after a mistake.
    mutating func command(_ arguments: Arguments) -> CommandForm? {
        switch strings(arguments.part, of: arguments.keyword) {
        case .strings(let strings): .exec(strings.map(\.text))
        case .none: .shell(ByteString(text[arguments.part]))
        case .mixed: nil
        }
    }

    mutating func run(_ arguments: Arguments) -> RunInstruction? {
        guard let command = command(arguments) else { return nil }
        if command == .exec([]) {
            reportMissing(arguments, hint: "an empty JSON array is no command")
            return nil
        }
        let flags = arguments.flags
        if let network = flags.word("network"), !["default", "none", "host"].contains(network.text) {
            report(
                "InvalidNetwork",
                "invalid network mode: `\(network.text)`",
                at: network.part,
                hint: "RUN --network takes default, none or host"
            )
        }
        if let security = flags.word("security"), !["sandbox", "insecure"].contains(security.text) {
            report(
                "InvalidSecurity",
                "security `\(security.text)` is not valid",
                at: security.part,
                hint: "RUN --security takes sandbox or insecure"
            )
        }
        for mount in flags.words("mount") {
            do {
                try RunMount.checkUnexpanded(mount.text)
            } catch {
                report("InvalidMount", "invalid --mount: \(error)", at: mount.part, hint: error.hint)
            }
        }
        return RunInstruction(
            command: command,
            heredocs: heredocs,
            mounts: flags.list("mount"),
            network: flags.text("network"),
            security: flags.text("security"),
            devices: flags.list("device")
        )
    }

    mutating func shell(_ arguments: Arguments) -> ShellInstruction? {
        switch strings(arguments.part, of: .shell) {
        case .strings(let strings) where !strings.isEmpty: return ShellInstruction(arguments: strings.map(\.text))
        case .mixed: return nil
        case .none where !arguments.part.isEmpty:
            report(
                "ShellNotJSON",
                "SHELL requires the arguments to be in JSON form",
                at: arguments.part,
                hint: "write `SHELL [\"/bin/sh\", \"-c\"]`"
            )
            return nil
        default:
            reportMissing(arguments)
            return nil
        }
    }

    // MARK: HEALTHCHECK

    mutating func healthcheck(_ arguments: Arguments) -> HealthcheckInstruction? {
        guard let type = splitter.plainWords(in: arguments.part).first else {
            reportMissing(arguments, hint: "write `HEALTHCHECK CMD command` or `HEALTHCHECK NONE`")
            return nil
        }
        let rest = splitter.trimmed(type.part.upperBound..<arguments.part.upperBound)
        switch ByteString(type.text.bytes.map { $0 >= 0x61 && $0 <= 0x7A ? $0 - 0x20 : $0 }) {
        case "NONE":
            guard rest.isEmpty else {
                report("InvalidHealthcheck", "HEALTHCHECK NONE takes no arguments", at: rest)
                return nil
            }
            return HealthcheckInstruction.none
        case "CMD":
            let options = healthcheckOptions(arguments.flags)
            let command = Arguments(
                keyword: .healthcheck,
                name: type.part,
                flags: arguments.flags,
                part: rest
            )
            guard let form = self.command(command) else { return nil }
            if form == .exec([]) || form == .shell("") {
                report("InvalidHealthcheck", "missing command after HEALTHCHECK CMD", at: type.part)
                return nil
            }
            return .command(form, options)
        default:
            report(
                "InvalidHealthcheck",
                "unknown type `\(type.text)` in HEALTHCHECK (try CMD)",
                at: type.part,
                hint: "write `HEALTHCHECK CMD command` or `HEALTHCHECK NONE`"
            )
            return nil
        }
    }

    private mutating func healthcheckOptions(_ flags: FlagValues) -> HealthcheckOptions {
        HealthcheckOptions(
            interval: interval("interval", flags),
            timeout: interval("timeout", flags),
            startPeriod: interval("start-period", flags),
            startInterval: interval("start-interval", flags),
            retries: retries(flags)
        )
    }

    /// A duration of 0, or of at least a millisecond.
    private mutating func interval(_ name: String, _ flags: FlagValues) -> Int64? {
        guard let word = flags.word(name) else { return nil }
        let hint = "durations look like 30s, 1m30s or 500ms"
        let reason: String
        do {
            let duration = try GoLiteral.duration(word.text)
            if duration == 0 || duration >= 1_000_000 { return duration }
            report("InvalidDuration", "interval `\(name)` cannot be less than 1ms", at: word.part, hint: hint)
            return nil
        } catch {
            reason =
                switch error {
                case .invalid: "invalid duration `\(word.text)`"
                case .missingUnit: "missing unit in duration `\(word.text)`"
                case .unknownUnit(let unit): "unknown unit `\(unit)` in duration `\(word.text)`"
                case .tooLong: "duration `\(word.text)` is too long"
                }
        }
        report("InvalidDuration", "--\(name): \(reason)", at: word.part, hint: hint)
        return nil
    }

    private mutating func retries(_ flags: FlagValues) -> Int? {
        guard let word = flags.word("retries") else { return nil }
        let digits = word.text.bytes.first == UInt8(ascii: "+") ? word.text.bytes.dropFirst() : word.text.bytes[...]
        if !digits.isEmpty, let number = GoLiteral.decimal(digits), number <= Int64(Int32.max) { return Int(number) }
        report(
            "InvalidRetries",
            "--retries cannot be `\(word.text)`: it is a number, 0 or more",
            at: word.part
        )
        return nil
    }
}
