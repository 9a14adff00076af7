import ArgumentParser
import BuildInterface
import DockerfileLint
import LinuxSystem
import SlipwayEngine

extension BuildCall {
    /// Prints the answer to standard output.
    ///
    /// - Throws: `ExitCode` 1 when the Dockerfile cannot be built, or breaks rules it says are errors.
    func answer(_ request: BuildRequest, _ state: StateFlags) async throws {
        let (kind, format) = (kind, format)
        let (text, isSound) = try await CommandOutput.value { () async throws -> (String, Bool) in
            let engine = try state.openEngine()
            switch kind {
            case .build: return ("", true)
            case .check:
                let result = try await engine.check(request)
                let text = CheckText(result: result)
                return (format == .json ? text.json : text.text, result.failure == nil && !result.report.failsBuild)
            case .outline:
                let (outline, source) = try await engine.outline(request)
                let text = OutlineText(outline: outline, source: source)
                return (format == .json ? text.json : text.tables, true)
            case .targets:
                let (list, source) = try await engine.targets(request)
                let text = TargetListText(list: list, source: source)
                return (format == .json ? text.json : text.table, true)
            }
        }
        try StandardStreams.write(to: .output, text)
        if !isSound { throw ExitCode(1) }
    }
}
