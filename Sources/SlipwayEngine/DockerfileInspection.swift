package import BuildInterface
package import ByteStrings
import DockerfileLint
package import DockerfileSyntax
import LinuxSystem
package import SourceDiagnostics

/// Looks at Dockerfiles by themselves: no store is opened and no image asked for.
package enum DockerfileInspection {
    /// The syntax of a Dockerfile, and its text; nil is standard input.
    ///
    /// - Throws: `BuildFailure` when it cannot be read.
    package static func parse(_ path: ByteString?) throws -> (Parsed<Dockerfile>, SourceText) {
        let source = try read(path).text
        return (DockerfileParser().parse(source), source)
    }

    /// What all rules find in a Dockerfile; nil is standard input.
    ///
    /// `context` is the folder whose ignore file counts, nil that of the Dockerfile; `skipping` names rules to leave
    /// out, or is `all`.
    ///
    /// - Throws: `BuildFailure` when the Dockerfile cannot be read.
    package static func lint(
        _ path: ByteString?,
        context: ByteString?,
        arguments: [BuildArgument],
        skipping skipped: Set<String>
    ) throws -> CheckResult {
        var request = request(path, context: context)
        request.arguments = arguments
        let dockerfile = try read(path)
        let parsed = DockerfileParser().parse(dockerfile.text)
        let checks = DockerfileChecks(request: request, dockerfile: dockerfile, parsed: parsed)
        let errors = parsed.diagnostics.filter { $0.severity == .error }
        return CheckResult(
            source: dockerfile.text,
            report: checks.report(images: [:], rules: .lint, skipping: skipped),
            failure: errors.isEmpty ? nil : BuildFailure(kind: .build, diagnostics: errors, source: dockerfile.text)
        )
    }

    private static func read(_ path: ByteString?) throws -> DockerfileReader {
        do {
            if let path { return try DockerfileReader(hostPath: path) }
            return DockerfileReader(try StandardInput.readAll(limit: DockerfileReader.sizeLimit))
        } catch {
            throw FailureText.failure(error, in: nil)
        }
    }

    private static func request(_ path: ByteString?, context: ByteString?) -> BuildRequest {
        BuildRequest(
            dockerfile: path.map { .path($0) } ?? .standardInput,
            context: .folder(context ?? path.map(folder(of:)) ?? ".")
        )
    }

    private static func folder(of path: ByteString) -> ByteString {
        guard let slash = path.bytes.lastIndex(of: ByteString.slash) else { return "." }
        return ByteString(path.bytes[...slash])
    }
}
