import BuildInterface
import ByteStrings
import Testing

@testable import SlipwayCLI

@Suite struct SSHAgentParserTests {
    private static let environment: [ByteString: ByteString] = ["SSH_AUTH_SOCK": "/tmp/agent.1"]

    @Test(
        arguments: [
            ("default", "default", "/tmp/agent.1"), ("git", "git", "/tmp/agent.1"),
            ("default=/run/a", "default", "/run/a"), ("git=/run/a=b", "git", "/run/a=b"),
        ] as [(String, ByteString, ByteString)]
    )
    func anAgentHasANameAndASocket(_ text: String, _ id: ByteString, _ socket: ByteString) throws {
        let agent = try SSHAgentParser.parse(text, environment: Self.environment)
        #expect(agent == BuildSSHAgent(id: id, socket: socket))
    }

    @Test(
        arguments: [
            (.remote("git@example.com:r.git"), true), (.remote("ssh://git@example.com/r.git#main"), true),
            (.remote("https://example.com/r.git"), false), (.folder("."), false), (.standardInput, false),
        ] as [(ContextLocation, Bool)]
    )
    func aContextOverSSHHasTheCallersAgent(_ context: ContextLocation, _ expected: Bool) {
        let agent = SSHAgentParser.agent(of: context, environment: Self.environment)
        #expect(agent == (expected ? BuildSSHAgent(id: "default", socket: "/tmp/agent.1") : nil))
        #expect(SSHAgentParser.agent(of: context, environment: [:]) == nil)
    }

    @Test(arguments: [("", "ID=SOCKET"), ("=/a", "ID=SOCKET"), ("a=", "socket is missing"), ("a=/k1,/k2", "ssh-add")])
    func whatIsNoAgentIsRefused(_ text: String, _ reason: String) {
        let error = #expect(throws: (any Error).self) {
            try SSHAgentParser.parse(text, environment: Self.environment)
        }
        #expect("\(String(describing: error))".contains(reason))
    }

    @Test(arguments: [[:], ["SSH_AUTH_SOCK": ""]] as [[ByteString: ByteString]])
    func withoutAnAgentTheWayToOneIsTold(_ environment: [ByteString: ByteString]) {
        let error = #expect(throws: (any Error).self) {
            try SSHAgentParser.parse("default", environment: environment)
        }
        #expect("\(String(describing: error))".contains("ssh-agent"))
    }
}
