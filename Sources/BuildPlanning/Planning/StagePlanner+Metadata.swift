import ByteStrings
import DockerfileSyntax
import OCIModel
import SourceDiagnostics

// Instructions that change nothing but the configuration.
extension StagePlanner {
    mutating func plan(_ cmd: CmdInstruction) {
        let arguments = arguments(cmd.command)
        state.configuration.config.cmd = arguments.map(\.description)
        state.configuration.config.argsEscaped = true
        state.hasOwnCmd = true
        record("CMD " + HistoryText.quotedList(arguments))
    }

    /// ENTRYPOINT: a CMD that was meant for another program must not become its arguments.
    mutating func plan(_ entrypoint: EntrypointInstruction) {
        let arguments = arguments(entrypoint.command)
        state.configuration.config.entrypoint = arguments.map(\.description)
        if !state.hasOwnCmd { state.configuration.config.cmd = nil }
        record("ENTRYPOINT " + HistoryText.quotedList(arguments))
    }

    /// EXPOSE: the one instruction where a variable may hold several words; the words count in their sorted order.
    mutating func plan(_ expose: ExposeInstruction, at range: SourceRange?) throws(PlanErrors) {
        var ports: [String] = []
        for word in expose.ports.sorted() {
            for expanded in try assembly.expander.expandToWords(word, state.environment, at: range) {
                do {
                    ports += try PortSpecification(parsing: expanded).ports
                } catch {
                    throw PlanErrors(
                        "Port",
                        error.message,
                        at: places.word(word, in: range),
                        hint: "write port[-port][/protocol], such as 8080/tcp; the protocols are tcp, udp and sctp"
                    )
                }
            }
        }
        state.configuration.config.exposedPorts = (state.configuration.config.exposedPorts ?? []).union(ports)
        record("EXPOSE [" + ports.joined(separator: " ") + "]")
    }

    mutating func plan(_ healthcheck: HealthcheckInstruction) {
        var check = Healthcheck()
        switch healthcheck {
        case .none:
            check.test = ["NONE"]
        case .command(let command, let options):
            switch command {
            case .shell(let text): check.test = ["CMD-SHELL", text.description]
            case .exec(let arguments): check.test = ["CMD"] + arguments.map(\.description)
            }
            check.interval = options.interval
            check.timeout = options.timeout
            check.startPeriod = options.startPeriod
            check.startInterval = options.startInterval
            check.retries = options.retries
        }
        state.configuration.config.healthcheck = check
        let times = [
            ("Interval", check.interval), ("Timeout", check.timeout), ("StartPeriod", check.startPeriod),
            ("StartInterval", check.startInterval),
        ]
        let shown = times.map { "\($0.0):\(HistoryText.duration(nanoseconds: $0.1 ?? 0))" }.joined(separator: " ")
        let test = (check.test ?? []).joined(separator: " ")
        record("HEALTHCHECK {Test:[\(test)] \(shown) Retries:\(check.retries ?? 0)}")
    }

    mutating func plan(_ maintainer: MaintainerInstruction) {
        state.configuration.author = maintainer.name.description
        record("MAINTAINER \(maintainer.name)")
    }

    /// ONBUILD: kept for the images that will start from this one; no history entry.
    mutating func plan(_ onbuild: OnbuildInstruction) {
        state.configuration.config.onBuild = (state.configuration.config.onBuild ?? []) + [onbuild.text.description]
    }

    mutating func plan(_ shell: ShellInstruction) {
        state.configuration.config.shell = shell.arguments.map(\.description)
        record("SHELL " + HistoryText.plainList(shell.arguments))
    }

    mutating func plan(_ stopsignal: StopsignalInstruction, at range: SourceRange?) throws(PlanErrors) {
        let signal = try expand(stopsignal.signal, at: range)
        guard StopSignal.isValid(signal) else {
            throw PlanErrors(
                "StopSignal",
                "invalid signal `\(signal)`",
                at: places.word(stopsignal.signal, in: range),
                hint: "give a number from 1 to 64 or a name such as SIGTERM"
            )
        }
        state.configuration.config.stopSignal = signal.description
        record("STOPSIGNAL \(signal)")
    }

    mutating func plan(_ user: UserInstruction, at range: SourceRange?) throws(PlanErrors) {
        let name = try expand(user.user, at: range)
        state.configuration.config.user = name.description
        record("USER \(name)")
    }

    mutating func plan(_ volume: VolumeInstruction, at range: SourceRange?) throws(PlanErrors) {
        var paths: [ByteString] = []
        for written in volume.paths {
            let path = try expand(written, at: range)
            if path.isEmpty {
                throw PlanErrors(
                    "Volume",
                    "VOLUME `\(written)` is an empty path",
                    at: places.word(written, in: range),
                    hint: "a variable needs a value from ARG or ENV above"
                )
            }
            paths.append(path)
        }
        let known = state.configuration.config.volumes ?? []
        state.configuration.config.volumes = known.union(paths.map(\.description))
        record("VOLUME " + HistoryText.plainList(paths))
    }
}
