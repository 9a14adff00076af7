import BuildPlanning
import ByteStrings
import DockerfileSyntax
import Foundation
import OCIModel
import SourceDiagnostics
import Testing

@Suite(
    "Recorded builds",
    .enabled(if: !ConformanceCase.all.isEmpty, "needs ../shared/conformance beside the repository")
)
struct ConformancePlanTests {
    static let successes = ConformanceCase.all.filter { $0.request.expect == "ok" && isPlannable($0) }
    static let failures = ConformanceCase.all.filter { $0.request.expect == "error" }

    /// Records whose history is an accident of the recorder's layers, or holds tabs that mean nothing.
    private static let withoutHistory: Set<String> = [
        "from-context-dir", "from-context-overrides-image", "heredoc-run-dash",
    ]

    @Test("The configuration and history are those on record", arguments: successes)
    func success(_ recorded: ConformanceCase) throws {
        let plan = try Self.plan(recorded)
        let expected = try #require(recorded.outcome)
        Self.compare(plan.target.configuration, try #require(expected.config))
        if Self.withoutHistory.contains(recorded.name) { return }
        var history = try #require(expected.history)
        if plan.target.base != nil { history.removeFirst(2) }
        #expect(plan.history == history.map(\.createdBy))
        #expect(plan.target.history.map(\.isEmptyLayer) == history.map(\.isEmptyLayer))
    }

    @Test("What fails before anything runs says why", arguments: failures)
    func failure(_ recorded: ConformanceCase) throws {
        let source = SourceText(name: "Dockerfile", bytes: Array(recorded.dockerfile.utf8))
        if DockerfileParser().parse(source).hasErrors { return }
        do {
            _ = try Self.plan(recorded)
            // It fails later: when an image is looked up, a file is copied, a command runs.
        } catch let error as PlanErrors {
            let text = error.diagnostics.map { Self.shown($0, in: source) }.joined(separator: "\n").lowercased()
            for case .anyOf(let words) in recorded.request.error_mentions ?? [] {
                #expect(words.contains { text.contains($0.lowercased()) }, "\(words) in: \(text)")
            }
        }
    }

    // MARK: Helpers

    /// The message with the lines it points at, as the user sees it.
    private static func shown(_ diagnostic: Diagnostic, in source: SourceText) -> String {
        guard let range = diagnostic.range else { return diagnostic.message }
        let excerpt = (range.start.line...max(range.start.line, range.end.line))
            .filter { $0 <= source.lineCount }
            .map { String(decoding: source.line($0), as: UTF8.self) }
        return (["Dockerfile:\(range.start.line):\(range.start.column): \(diagnostic.message)"] + excerpt)
            .joined(separator: "\n")
    }

    private static func isPlannable(_ recorded: ConformanceCase) -> Bool {
        recorded.outcome?.base.map { ["scratch", "busybox"].contains($0) } ?? false
    }

    private static func plan(_ recorded: ConformanceCase) throws -> BuildPlan {
        var request = PlanFixture.request(recorded.dockerfile)
        let arguments = recorded.request.args
        request.buildArguments = (arguments?.build_args ?? [:]).sorted { $0.key < $1.key }
            .map { PlanArgument(name: ByteString($0.key), value: ByteString($0.value)) }
        request.target = arguments?.target.map { ByteString($0) }
        request.labels = (arguments?.labels ?? [:]).map { ($0.key, $0.value) }
        if let platform = arguments?.platform {
            request.platform = try Platform(platform)
            request.isPlatformExplicit = true
        }
        for (name, location) in arguments?.build_contexts ?? [:] {
            let kind: PlanContext.Kind = location.contains(":") ? .image : .files(ByteString(name))
            request.contexts.append(PlanContext(name: ByteString(name), kind: kind))
        }
        return try PlanFixture.plan(request)
    }

    private static func nonZero<Number: BinaryInteger>(_ number: Number?) -> Number? {
        number == 0 ? nil : number
    }

    private static func compare(_ image: ImageConfiguration, _ expected: ConformanceCase.Outcome.Configuration) {
        let config = image.config
        #expect(config.cmd ?? [] == expected.Cmd ?? [])
        #expect(config.entrypoint ?? [] == expected.Entrypoint ?? [])
        #expect((config.environment ?? []).sorted() == (expected.Env ?? []).sorted())
        #expect((config.exposedPorts ?? []).sorted() == (expected.ExposedPorts ?? []).sorted())
        #expect((config.volumes ?? []).sorted() == (expected.Volumes ?? []).sorted())
        #expect(config.labels ?? [:] == expected.Labels ?? [:])
        #expect(config.stopSignal ?? "" == expected.StopSignal ?? "")
        #expect(config.user ?? "" == expected.User ?? "")
        #expect(config.workingDirectory ?? "/" == expected.WorkingDir ?? "/")
        #expect(config.shell ?? [] == expected.Shell ?? [])
        #expect(config.onBuild ?? [] == expected.OnBuild ?? [])
        #expect(image.author ?? "" == expected.author ?? "")
        #expect(image.architecture == expected.architecture)
        #expect(image.os == expected.os)
        let check = config.healthcheck.map {
            ConformanceCase.Outcome.Configuration.Check(
                Test: $0.test,
                Interval: nonZero($0.interval),
                Timeout: nonZero($0.timeout),
                StartPeriod: nonZero($0.startPeriod),
                StartInterval: nonZero($0.startInterval),
                Retries: nonZero($0.retries)
            )
        }
        #expect(check == expected.Healthcheck)
    }
}
