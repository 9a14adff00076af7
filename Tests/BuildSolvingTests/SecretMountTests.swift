import BuildContexts
import BuildInterface
import BuildPlanning
import ByteStrings
import ContentStorage
import Foundation
import LinuxSystem
import Testing

@testable import BuildSolving

@Suite(.containers) struct SecretMountTests {
    private static let value = "s3cret-\(UUID().uuidString)"

    private func secrets(_ fixture: ExecFixture) throws -> [BuildSecret] {
        try fixture.solver.write("secret-value", Self.value)
        return [
            BuildSecret(id: "s", source: .file(fixture.solver.contextPath.appendingPath("secret-value"))),
            BuildSecret(id: "e", source: .environment("SECRET")),
        ]
    }

    /// Every file of the state directory that holds the text.
    private func files(of fixture: ExecFixture, with text: String) -> [String] {
        let root = URL(fileURLWithPath: fixture.solver.directory.root.description)
        let all = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)?.allObjects ?? []
        return all.compactMap { $0 as? URL }.filter { url in
            (try? Data(contentsOf: url))?.range(of: Data(text.utf8)) != nil
        }.map(\.path)
    }

    @Test func aSecretIsAFileInMemory() async throws {
        let fixture = try ExecFixture()
        let mount = MountOperation.secret("s", on: "/run/secrets/s") {
            ($0.permissions, $0.owner, $0.group) = (0o440, 5, 6)
        }
        let line: ByteString = """
            cd /run/secrets; busybox cat s; busybox stat -c ' %a %u:%g' s; busybox stat -f -c %T s
            busybox sh -c 'echo x > s' 2> /dev/null || echo refused; busybox cp s /bin/copy; busybox rm /bin/copy
            """
        let solved = try await fixture.run([.running(line, [mount])], secrets: try secrets(fixture))
        #expect(fixture.text == "\(Self.value) 440 5:6\ntmpfs\nrefused\n")
        #expect(try await solved.fileTree().status("run") == nil)
        // What a command writes is kept in its log, on purpose; the rest of the store must not have it.
        #expect(files(of: fixture, with: Self.value).filter { !$0.contains("/logs/") } == [])
    }

    @Test func theNextCommandHasItNoMore() async throws {
        let fixture = try ExecFixture()
        try await fixture.run(
            [
                .running("busybox test -s /t/s", [.secret("s", on: "/t/s")]),
                .running("busybox ls / | busybox grep -x t || echo gone; echo \"[$V]\""),
            ],
            secrets: try secrets(fixture)
        )
        #expect(fixture.text == "gone\n[]\n")
        #expect(files(of: fixture, with: Self.value) == [])
    }

    @Test func aSecretIsAVariable() async throws {
        let fixture = try ExecFixture()
        let mount = MountOperation.secret("e", on: nil) { $0.environmentName = "TOKEN" }
        try await fixture.run(
            [.running("busybox test \"$TOKEN\" = x-y && busybox ls / | busybox grep run || echo done", [mount])],
            secrets: try secrets(fixture),
            environment: ["SECRET": "x-y"]
        )
        #expect(fixture.text == "done\n")
    }

    @Test func aRequiredSecretThatIsMissingIsNamed() async throws {
        let fixture = try ExecFixture()
        let mount = MountOperation.secret("other", on: "/s") { $0.isRequired = true }
        let error = await #expect(throws: SolveError.self) { try await fixture.run([.running("true", [mount])]) }
        #expect(error?.description == "secret `other` is required, and was not given")
        #expect(error?.hint?.contains("--secret id=other") == true)
        try await fixture.run([.running("busybox test ! -e /s", [.secret("other", on: "/s")])])
    }

    @Test func aFailingCommandDoesNotTellTheValue() async throws {
        let fixture = try ExecFixture()
        let secrets = try secrets(fixture)
        let mounts: [MountOperation] = [
            .secret("s", on: "/s"), .secret("e", on: nil) { $0.environmentName = "TOKEN" },
        ]
        for (line, value) in [("exit 3", "x-y-z"), ("true", "x\0-y-z")] as [(ByteString, ByteString)] {
            let error = await #expect(throws: SolveError.self) {
                try await fixture.run([.running(line, mounts)], secrets: secrets, environment: ["SECRET": value])
            }
            let text = "\(String(describing: error)) \(error?.hint ?? "")"
            #expect(!text.contains(Self.value) && !text.contains("y-z"))
        }
    }
}
