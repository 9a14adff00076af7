import ContainerSandbox
import Foundation
import Testing

@testable import SlipwayCLI

@Suite struct DoctorCommandTests {
    private static let findings = [
        HostFinding("kernel", .ok, "Linux 6.1"),
        HostFinding("control groups", .limited, "none", remedy: "mount \"it\""),
        HostFinding("overlay", .missing, "no overlay", remedy: "modprobe overlay"),
    ]

    @Test func findingsAreLinesWithWhatMendsThemBelow() {
        #expect(
            DoctorCommand.text(Self.findings, canBuild: false) == """
                ok       kernel          Linux 6.1
                limited  control groups  none
                                         -> mount "it"
                missing  overlay         no overlay
                                         -> modprobe overlay
                Builds cannot run.

                """
        )
    }

    @Test func findingsAreOneObject() throws {
        let text = DoctorCommand.json(Self.findings, canBuild: true)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(object["canBuild"] as? Bool == true)
        let findings = try #require(object["findings"] as? [[String: String]])
        #expect(findings.map { $0["status"] } == ["ok", "limited", "missing"])
        #expect(findings[0]["remedy"] == nil && findings[1]["remedy"] == "mount \"it\"")
    }
}
