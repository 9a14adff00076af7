import ByteStrings
import LinuxSystem
import Testing

@testable import SlipwayEngine

@Suite struct EngineConfigurationTests {
    @Test func theFlagWinsOverTheEnvironment() throws {
        let given = try EngineConfiguration(root: "/flag", environment: ["SLIPWAY_ROOT": "/environment"])
        #expect(given.root == "/flag")
        #expect(
            try EngineConfiguration(root: nil, environment: ["SLIPWAY_ROOT": "/environment"]).root == "/environment"
        )
    }

    @Test func aRelativeRootIsTakenFromTheCurrentDirectory() throws {
        let configuration = try EngineConfiguration(root: "state", environment: [:])
        #expect(configuration.root == (try Host.currentDirectory()).appendingPath("state"))
    }
}
