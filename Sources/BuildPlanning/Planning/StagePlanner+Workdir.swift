import ByteStrings
import DockerfileSyntax
import OCIModel
import SourceDiagnostics

extension StagePlanner {
    /// WORKDIR: makes the folder at once, for USER as it is now.
    mutating func plan(_ workdir: WorkdirInstruction, at range: SourceRange?) throws(PlanErrors) {
        let written = try expand(workdir.path, at: range)
        // An absolute path is recorded as it stands, with its doubled slashes; only joining cleans.
        var path = written.isEmpty ? state.workingDirectory : written
        if !path.isAbsolutePath { path = absolutePath(path) }
        state.configuration.config.workingDirectory = path.description

        let clean = path.lexicallyCleanedAbsolute
        guard clean != "/" else {
            record("WORKDIR \(path)")
            return
        }
        let user = ByteString(state.configuration.config.user ?? "")
        let step = append(
            .makeDirectory(MakeDirectoryOperation(path: clean, user: user)),
            at: range,
            title: "WORKDIR \(written)"
        )
        record("WORKDIR \(path)", step: step)
    }

    /// The clean path that a relative one means here.
    func absolutePath(_ path: ByteString) -> ByteString {
        state.workingDirectory.appendingPath(path).lexicallyCleanedAbsolute
    }
}
