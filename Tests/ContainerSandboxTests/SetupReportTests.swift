import ByteStrings
import SystemPackage
import Testing

@testable import ContainerSandbox

@Suite struct SetupReportTests {
    private static let operations: [SetupOperation] = [
        .enterRoot, .changeDirectory("/w"),
        .bindMount(.init(source: "/s", subpath: "", target: "/t", attributes: [])),
        .execute(candidates: ["/bin/x"], arguments: ["x"], environment: []),
    ]

    @Test(
        arguments: [
            ([0, 1, 0], .setup("enter the root of the container", .notPermitted)),
            ([1, 2, 0], .workingDirectory("/w", .noSuchFileOrDirectory)),
            ([2, 1, 3], .forbiddenTarget("/t")),
            ([2, 2, 0], .setup("mount `/s` on `/t`", .noSuchFileOrDirectory)),
            ([3, 2, 1], .commandNotFound("x")),
            ([3, 2, 2], .interpreterNotFound("x")),
            ([3, 13, 2], .notExecutable("x")),
            ([3, 8, 2], .wrongFormat("x")),
            ([3, 7, 2], .argumentsTooLong("x")),
            ([3, 12, 2], .exec("x", .noMemory)),
            ([4, 1, 0], .malformedPolicy(.notPermitted)),
            ([.max, 71, 0], .malformedPolicy(.protocolError)),
        ] as [([UInt32], ExecutorError)]
    )
    func aReportIsReadAgainstTheOperations(_ words: [UInt32], _ expected: ExecutorError) throws {
        let bytes = words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) } }
        let report = try #require(SetupReport(bytes))
        #expect(report.error(in: Self.operations) == expected)
    }

    @Test(arguments: [0, 1, 11, 13])
    func anythingElseIsNoReport(_ count: Int) {
        #expect(SetupReport([UInt8](repeating: 0, count: count)) == nil)
    }

    @Test func onlyCommandsHaveTheCodesOfAShell() {
        #expect(ExecutorError.commandNotFound("x").shellExitCode == 127)
        #expect(ExecutorError.notExecutable("x").shellExitCode == 126)
        #expect(ExecutorError.setup("x", .noMemory).shellExitCode == nil)
    }
}
