import BuildContexts
import BuildPlanning
import ByteStrings
import FileModel
import Foundation
import LayerSnapshots
import LinuxSystem
import TestSupport
import Testing

@testable import BuildSolving

/// CWE-367: a context that somebody changes between hashing and packing; what is packed is stored under the hash.
@Suite struct ChangedContextTests {
    /// A copy, and what is done to the context in the meantime.
    struct Change: Sendable, CustomTestStringConvertible {
        let name: String
        let sources: [ByteString]
        var destination: ByteString = "/to/"
        var isAdd = false
        let script: String

        var testDescription: String { name }

        static let all = [
            Change(name: "a file", sources: ["f"], script: "echo 22 > f"),
            Change(name: "a file onto a name", sources: ["f"], destination: "/to", script: "echo 22 > f"),
            Change(name: "a file and back its time", sources: ["f"], destination: "/to", script: rewrite("f")),
            Change(name: "a file for another", sources: ["f"], destination: "/to", script: "cp -p f x; mv x f"),
            Change(name: "a file for a directory", sources: ["f"], destination: "/to", script: "rm f; mkdir f"),
            Change(name: "a directory for a file", sources: ["d"], destination: "/to", script: "rm -r d; echo > d"),
            Change(name: "a file of a directory", sources: ["d"], script: "echo 22 > d/1"),
            Change(name: "a file less", sources: ["d"], script: "rm d/1"),
            Change(name: "a link for a file", sources: ["d"], script: "ln -sf ../f d/1"),
            Change(
                name: "the last of several onto one name",
                sources: ["a?"],
                destination: "/to",
                script: "echo 3 > a2"
            ),
            Change(name: "an archive", sources: ["t.tar"], isAdd: true, script: "tar -cf t.tar f"),
            Change(name: "an archive and back its time", sources: ["t.tar"], isAdd: true, script: rewrite("t.tar")),
            Change(name: "a file for an archive", sources: ["t.tar"], isAdd: true, script: "echo 1 > t.tar"),
            Change(name: "an archive for a file", sources: ["f"], isAdd: true, script: "cp t.tar f"),
            Change(name: "a file beside an archive", sources: ["t.tar", "f"], isAdd: true, script: rewrite("f")),
            Change(name: "a file less beside an archive", sources: ["t.tar", "d"], isAdd: true, script: "rm d/1"),
            Change(name: "a match more", sources: ["a?"], isAdd: true, script: "echo 3 > a3"),
            Change(name: "a match less", sources: ["a?"], isAdd: true, script: "rm a2"),
        ]

        /// Other bytes of the same number, and the time from before.
        private static func rewrite(_ name: String) -> String {
            "touch -r \(name) stamp; printf x | dd of=\(name) conv=notrunc status=none; touch -r stamp \(name)"
        }
    }

    @Test(arguments: Change.all) func isNoticed(_ change: Change) async throws {
        let fixture = try SolverFixture()
        try shell(
            "mkdir d; echo 1 > d/1; echo 1 > f; echo 1 > a1; echo 2 > a2; tar -cf t.tar d; touch -d @9 f d/1 a*",
            fixture
        )
        let copy = CopyOperation(
            sources: change.sources.map { .path($0) },
            origin: .context(nil),
            destination: change.destination,
            unpacking: change.isAdd ? .ifArchive : .never,
            isAdd: change.isAdd
        )
        let step = Step(0, .copy(copy))
        let solver = try fixture.solver([step])
        let hashed = try #require(try await solver.selection(of: step))
        try make(copy, hashed, solver, fixture)
        try shell(change.script, fixture)
        do {
            try make(copy, hashed, solver, fixture)
            Issue.record("nobody noticed")
        } catch {
            #expect("\(error)".contains("changed"), "\(error)")
        }
    }

    /// An addition that no hash knows of is left out, and so agrees with what is stored.
    @Test func aFileMoreIsNotPacked() async throws {
        let fixture = try SolverFixture()
        try fixture.write("d/1", "1")
        let copy = CopyOperation(sources: [.path("d")], origin: .context(nil), destination: "/to/", isAdd: true)
        let solver = try fixture.solver([Step(0, .copy(copy))])
        let hashed = try #require(try await solver.selection(of: Step(0, .copy(copy))))
        let before = try make(copy, hashed, solver, fixture)
        try fixture.write("d/2", "2")
        #expect(try make(copy, hashed, solver, fixture) == before)
    }

    @Test func aFileAndADirectoryWithThatFileHaveOtherKeys() async throws {
        let fixture = try SolverFixture()
        try fixture.write("x", "1")
        let steps = [Step(0, .copying("x", to: "/d"))]
        let file = try await fixture.solve(steps)
        try shell("rm x; mkdir x; echo -n 1 > x/x", fixture)
        let directory = try await fixture.solve(steps)
        #expect(directory.cachedSteps == 0)
        #expect(file.layers.map(\.diffID) != directory.layers.map(\.diffID))
    }

    @discardableResult
    private func make(
        _ copy: CopyOperation,
        _ hashed: StepSelection,
        _ solver: BuildSolver,
        _ fixture: SolverFixture
    ) throws -> ByteString {
        let made = try CopyLayer.make(
            copy,
            of: hashed,
            from: try fixture.origin().tree,
            remotes: [],
            over: nil,
            options: CopyOptions(owner: .root, epoch: .epoch),
            solver.environment
        )
        return ByteString("\(made.packed.diffID)")
    }

    private func shell(_ script: String, _ fixture: SolverFixture) throws {
        let process = ChildProcess()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-euc", script]
        process.currentDirectoryURL = fixture.context
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }
}
