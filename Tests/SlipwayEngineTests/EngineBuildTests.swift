import BuildInterface
import BuildPlanning
import BuildSolving
import ByteStrings
import FileModel
import Foundation
import OCIModel
import SourceDiagnostics
import Synchronization
import TestSupport
import Testing

@testable import SlipwayEngine

/// Builds without commands.
@Suite struct EngineBuildTests {
    @Test func nothingOfABuildIsLeftInTheTemporaryFolder() async throws {
        let fixture = try EngineFixture()
        try fixture.write("a", "1")
        try await fixture.build("FROM scratch\nCOPY a /\n")
        #expect(try fixture.sessions() == [])
        await #expect(throws: BuildFailure.self) { try await fixture.build("FROM scratch\nCOPY no /\n") }
        #expect(try fixture.sessions() == [])
    }

    @Test func theTimeOfAGlobalArgumentIsTheImages() async throws {
        let fixture = try EngineFixture()
        try fixture.write("a", "1")
        try await fixture.build("ARG SOURCE_DATE_EPOCH=12\nFROM scratch\nCOPY a /\n", tag: "app")
        #expect(try fixture.engine.image("app").configuration.created == "1970-01-01T00:00:12Z")
        try await fixture.build("ARG SOURCE_DATE_EPOCH=12\nFROM scratch\nCOPY a /\n", tag: "app") {
            $0.sourceDateEpoch = Timestamp(seconds: 20)
        }
        #expect(try fixture.engine.image("app").configuration.created == "1970-01-01T00:00:20Z")
    }

    @Test func everyExportIsWritten() async throws {
        let fixture = try EngineFixture()
        try fixture.write("a", "1")
        let out = fixture.context.deletingLastPathComponent()
        try await fixture.build("FROM scratch\nCOPY a /\n") { request in
            request.exports = [ExportTarget.Form.oci, .docker, .tar].map { form in
                let path = out.appendingPathComponent("\(form.rawValue).archive").path
                return ExportTarget(form: form, destination: .path(ByteString(path)))
            }
        }
        for form in ["oci", "docker", "tar"] {
            let attributes = try FileManager.default.attributesOfItem(
                atPath: out.appendingPathComponent("\(form).archive").path
            )
            #expect(try #require(attributes[.size] as? Int) > 0)
        }
    }

    @Test(arguments: [
        ("FROM scratch\nCOPY no /\n", BuildFailure.Kind.build), ("FRO scratch\n", .build), ("FROM nowhere\n", .build),
    ])
    func failuresOfADockerfileAreTheBuilds(_ dockerfile: String, _ kind: BuildFailure.Kind) async throws {
        let fixture = try EngineFixture()
        await #expect {
            try await fixture.build(dockerfile)
        } throws: { error in
            (error as? BuildFailure)?.kind == kind && (error as? BuildFailure)?.diagnostics.isEmpty == false
        }
    }

    @Test func aContextThatIsNoneIsWrongUsage() async throws {
        let fixture = try EngineFixture()
        let request = BuildRequest(dockerfile: .path("/dev/null"), context: .folder("/nowhere"))
        await #expect {
            _ = try await fixture.engine.build(request) { _ in }
        } throws: { error in
            error is BuildFailure
        }
    }

    @Test func changesMakeAConfiguration() throws {
        let fixture = try EngineFixture()
        let configuration = try fixture.engine.configuration(applying: ["CMD [\"sh\"]", "ENV A=b", "USER app"])
        #expect(configuration.cmd == ["sh"])
        #expect(configuration.environment?.contains("A=b") == true)
        #expect(configuration.user == "app")
        #expect(throws: BuildFailure.self) { try fixture.engine.configuration(applying: ["RUN true"]) }
        #expect(throws: BuildFailure.self) { try fixture.engine.configuration(applying: ["NONSENSE"]) }
    }

    @Test func cancellationIsToldApart() {
        #expect(FailureText.failure(CancellationError(), in: nil).kind == .cancelled)
        let step = Step(
            id: StepID(index: 0),
            operation: .makeDirectory(MakeDirectoryOperation(path: "/a", user: "")),
            parent: nil,
            range: nil,
            stageName: "",
            position: 1,
            count: 1,
            title: "[1/1] RUN x",
            ignoresCache: false
        )
        let failure = FailureText.failure(
            SolveError.commandFailed(
                step: step,
                command: "x",
                ending: "exit code: 3",
                lastLines: ["l"],
                logFile: nil,
                hint: nil
            ),
            in: nil
        )
        #expect(failure.kind == .build)
        #expect(
            failure.diagnostics.map(\.message) == [
                "failed to solve: process `x` did not complete successfully: exit code: 3"
            ]
        )
        #expect(failure.command?.title == "[1/1] RUN x")
        #expect(failure.command?.lastLines == ["l"])
    }

    @Test func aDatabaseThatHadToBeReplacedIsSpokenOf() async throws {
        let folder = try TemporaryFolder()
        let root = folder.url.appendingPathComponent("state")
        let configuration = try EngineConfiguration(root: ByteString(root.path), environment: [:])
        _ = try Engine.open(configuration)
        try Data("this is no database at all, and longer than a header of one".utf8)
            .write(to: root.appendingPathComponent("state.db"))
        let engine = try Engine.open(configuration)
        try Data("FROM scratch\nCOPY Dockerfile /\n".utf8).write(to: folder.url.appendingPathComponent("Dockerfile"))
        let request = BuildRequest(dockerfile: .defaultInContext, context: .folder(ByteString(folder.url.path)))
        let messages = Mutex<[String]>([])
        _ = try await engine.build(request) { event in
            if case .warning(let diagnostic, _) = event { messages.withLock { $0.append(diagnostic.message) } }
        }
        #expect(messages.withLock { $0.contains { $0.contains("damaged") } })
    }
}
