import ArgumentParser
import ByteStrings
import ContainerSandbox
import LinuxSystem
import SlipwayEngine
import SourceDiagnostics

/// The `slipway doctor` command.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Tell what this machine offers to builds, what is missing, and which line mends it.",
        discussion: "The exit status is 0 when builds can run, and 1 when not."
    )

    @OptionGroup var state: StateFlags

    @Option(help: "text or json, one object.")
    var format: String = "text"

    /// Prints what there is, and ends the process; it must have one thread.
    func examine() throws -> Never {
        do {
            try run()
        } catch {
            SlipwayCommand.exit(withError: error)
        }
        SlipwayCommand.exit()
    }

    func run() throws {
        guard ["text", "json"].contains(format) else { throw ValidationError("--format \(format): text or json") }
        let environment = Host.environment
        let folder = try EngineConfiguration(root: state.root.map { ByteString($0) }, environment: environment).root
        var facts = HostProbe(environment: environment).facts(stateDirectory: folder)
        UserNamespace.enter()
        facts.refusal = SandboxRefusal.tried(environment: environment)
        let findings = HostInspection.findings(facts)
        let canBuild = HostInspection.canBuild(findings)
        try CommandOutput.run {
            format == "json" ? Self.json(findings, canBuild: canBuild) : Self.text(findings, canBuild: canBuild)
        }
        guard canBuild else { throw ExitCode(1) }
    }

    /// A line for each finding, with the line that mends it below.
    static func text(_ findings: [HostFinding], canBuild: Bool) -> String {
        let width = findings.map(\.name.count).max() ?? 0
        var lines: [String] = []
        for finding in findings {
            let name = finding.name + String(repeating: " ", count: width - finding.name.count)
            let status = finding.status.rawValue
            let mark = status + String(repeating: " ", count: "missing".count - status.count)
            lines.append("\(mark)  \(name)  \(OutputLines.shown(finding.detail))")
            if let remedy = finding.remedy {
                lines.append(String(repeating: " ", count: width + 11) + "-> \(OutputLines.shown(remedy))")
            }
        }
        let isHalf = !canBuild && HostInspection.canBuildWithoutCommands(findings)
        lines.append(canBuild ? "Builds can run." : isHalf ? "Builds without a RUN can run." : "Builds cannot run.")
        return lines.map { $0 + "\n" }.joined()
    }

    /// `{"canBuild":…,"findings":[{"name":…,"status":…,"detail":…,"remedy":…},…]}`.
    static func json(_ findings: [HostFinding], canBuild: Bool) -> String {
        let objects = findings.map { finding in
            var members = [
                JSONNode.Member("name", .string(finding.name)), .init("status", .string(finding.status.rawValue)),
                .init("detail", .string(finding.detail)),
            ]
            if let remedy = finding.remedy { members.append(.init("remedy", .string(remedy))) }
            return JSONNode.object(members)
        }
        let whole = JSONNode.object([.init("canBuild", .boolean(canBuild)), .init("findings", .array(objects))])
        return whole.text + "\n"
    }
}
