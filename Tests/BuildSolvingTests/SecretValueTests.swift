import BuildInterface
import ByteStrings
import FileModel
import Foundation
import LinuxSystem
import SystemPackage
import Testing

@testable import BuildSolving

@Suite struct SecretValueTests {
    private func read(
        _ source: BuildSecret.Source,
        _ environment: [ByteString: ByteString] = [:]
    ) throws -> [UInt8]? {
        try SecretValue.read("s", [BuildSecret(id: "s", source: source)], environment)
    }

    @Test func valuesComeFromFilesAndVariables() throws {
        let fixture = try SolverFixture()
        try fixture.write("secret", "from file")
        #expect(try read(.file(fixture.contextPath.appendingPath("secret"))) == Array("from file".utf8))
        #expect(try read(.environment("V"), ["V": "from variable"]) == Array("from variable".utf8))
        #expect(try read(.environment("V")) == nil)
        #expect(try SecretValue.read("other", [BuildSecret(id: "s", source: .environment("V"))], ["V": "x"]) == nil)
    }

    @Test func theLastOfANameCounts() throws {
        let secrets = ["A", "B"].map { BuildSecret(id: "s", source: .environment(ByteString($0))) }
        #expect(try SecretValue.read("s", secrets, ["A": "1", "B": "2"]) == [UInt8(ascii: "2")])
    }

    @Test(.timeLimit(.minutes(1))) func whatIsNoFileOfABoundedSizeIsRefused() throws {
        let fixture = try SolverFixture()
        let context = try OwnedDescriptor.openDirectory(fixture.contextPath)
        try context.makeNode("pipe", kind: .fifo, permissions: 0o600, device: DeviceNumber(major: 0, minor: 0))
        try fixture.write("large", String(repeating: "x", count: SecretValue.sizeLimit + 1))
        for name in ["pipe", "large", ""] as [ByteString] {
            #expect(throws: SolveFailure.self, "\(name)") {
                try read(.file(fixture.contextPath.appendingPath(name)))
            }
        }
        #expect(throws: SystemError.self) { try read(.file(fixture.contextPath.appendingPath("missing"))) }
    }
}
