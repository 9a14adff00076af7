import ByteStrings
import Foundation
import LinuxSystem
import TestSupport
import Testing

@testable import ContainerSandbox

/// The network of an ordinary user's container.
@Suite(.enabled(if: getuid() == 0, "needs root")) struct UserModeNetworkTests {
    private static let hasProgram =
        UserModeProgram.find(environment: [:])?.name == "slirp4netns"
        && FileManager.default.isWritableFile(atPath: "/dev/net/tun")

    /// A program that does what a line of a shell says.
    private func program(_ line: ByteString) -> UserModeProgram {
        UserModeProgram(name: "tester", path: "/bin/sh", arguments: ["-c", line], nameServer: nil)
    }

    @Test func aProgramThatIsReadyGivesItsNamespace() throws {
        let network = try UserModeNetwork.start(program("printf 1 >&4; exec sleep 100"), patience: .seconds(20))
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/net")
        let made = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(network.descriptor)")
        #expect(made.hasPrefix("net:["))
        #expect(made != own)
    }

    @Test func aProgramThatHangsIsGivenUp() throws {
        let started = ContinuousClock.now
        #expect(throws: UserModeNetworkError.late("tester", .milliseconds(300))) {
            try UserModeNetwork.start(program("exec sleep 100"), patience: .milliseconds(300))
        }
        #expect(started.duration(to: .now) < .seconds(50))
    }

    @Test(
        arguments: [
            ("echo why >&2; exit 1", "why"), ("exit 1", ""), ("echo first; echo last; exit 0", "last"),
            ("echo cannot open /dev/net/tun; echo giving up; exit 1", "cannot open /dev/net/tun"),
        ] as [(ByteString, String)]
    )
    func aProgramThatEndsIsQuoted(_ line: ByteString, _ said: String) throws {
        #expect(throws: UserModeNetworkError.ended("tester", said: said)) {
            try UserModeNetwork.start(program(line), patience: .seconds(20))
        }
    }

    @Test(
        arguments: [
            (.noProgram, "neither slirp4netns nor pasta is installed"),
            (.ended("slirp4netns", said: "open(\"/dev/net/tun\"): Permission denied"), "chmod 666 /dev/net/tun"),
            (.noTunnel("slirp4netns"), "`--device /dev/net/tun` of the outer container"),
            (.ended("pasta", said: ""), "pasta ended without a word"),
            (.late("pasta", .seconds(5)), "pasta was not ready after 5 seconds"),
        ] as [(UserModeNetworkError, String)]
    )
    func everyFailureNamesItsReasonAndTheWayOut(_ error: UserModeNetworkError, _ reason: String) {
        #expect(error.description.contains(reason))
        #expect(error.description.hasSuffix("use `--network host` or `--network none`"))
    }

    @Test(.enabled(if: hasProgram, "needs slirp4netns and a /dev/net/tun that may be opened"))
    func theRealProgramBringsUpAnInterface() throws {
        let network = try UserModeNetwork.start()
        #expect(network.nameServer == "10.0.2.3")
        let descriptor = network.descriptor
        let thread = try NamespaceThread(name: "tester")
        let interfaces = try thread.run { () throws(SystemError) in
            try NetworkNamespace.enter(OwnedDescriptor.openFile(ByteString("/proc/self/fd/\(descriptor)"), .readOnly))
            return try OwnedDescriptor.openFile("/proc/thread-self/net/dev", .readOnly).readAll(limit: 1 << 16)
        }
        #expect(ByteString(interfaces).description.contains("eth0:"))
    }
}
