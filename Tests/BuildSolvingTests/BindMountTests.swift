import BuildContexts
import BuildPlanning
import ByteStrings
import ContentStorage
import FileModel
import Foundation
import LinuxSystem
import OCIModel
import Testing

@testable import BuildSolving

@Suite(.containers) struct BindMountTests {
    private func stat(_ path: String) -> ByteString { ByteString("busybox stat -c '%n %a %u:%g %Y' \(path)") }

    @Test func filesOfAContextBelongToRootAndKeepTheirTimes() async throws {
        let fixture = try ExecFixture()
        try fixture.solver.write("in/file", "1", seconds: 1234)
        let folder = try OwnedDescriptor.openDirectory(fixture.solver.contextPath).openChild("in", .directory)
        try folder.setOwner(1000, 1000, of: "file")
        try folder.setPermissions(0o640, of: "file")
        try folder.setModified(.init(seconds: 1234), of: "file")
        try await fixture.run([.running(stat("/m/file"), [.bind("/in", on: "/m")])])
        #expect(fixture.text == "/m/file 640 0:0 1234\n")
    }

    @Test func whatIsIgnoredIsHidden() async throws {
        let fixture = try ExecFixture()
        try fixture.solver.write("in/seen", "1")
        try fixture.solver.write("in/.env", "secret")
        try await fixture.run(
            [.running("busybox ls -a /m/in; cd /m/in/..; busybox ls", [.bind("/", on: "/m")])],
            ignore: ["**/.env"]
        )
        #expect(fixture.text == ".\n..\nseen\nin\n")
    }

    @Test func aContextIsCopiedOnceForAllCommands() async throws {
        let fixture = try ExecFixture()
        try fixture.solver.write("in/file", "1")
        let read = BuildPlanning.Operation.running("busybox cat /m/file", [.bind("/in", on: "/m")])
        let write = BuildPlanning.Operation.running(
            "echo 2 > /m/file; echo 3 > /m/new; busybox cat /m/file",
            [.bind("/in", on: "/m", isReadOnly: false)]
        )
        let solved = try await fixture.run([read, write, read])
        #expect(fixture.text == "12\n1")
        let copies = try fixture.solver.names(in: fixture.solver.session.path).filter { $0.hasPrefix("context-") }
        #expect(copies.count == 1)
        #expect(try fixture.solver.names(in: fixture.solver.contextPath.appendingPath("in")) == ["file"])
        let folders = try fixture.solver.names(in: fixture.solver.session.path)
        #expect(!folders.contains { $0.hasPrefix("command-") }, "what was written is thrown away")
        #expect(try await solved.fileTree().status("m") == nil)
    }

    @Test func aReadOnlyMountTakesNothing() async throws {
        let fixture = try ExecFixture()
        try fixture.solver.write("file", "1")
        try await fixture.run(
            [.running("echo 2 > /f || busybox cat /f; busybox rm /f || :", [.bind("/file", on: "/f")])]
        )
        #expect(fixture.text.contains("Read-only file system"))
        #expect(fixture.text.contains("1"))
    }

    @Test func aFileThatChangesAfterHashingIsNoticed() async throws {
        let fixture = try SolverFixture()
        try fixture.write("in/file", "1")
        let tree = try LocalContext(hostPath: fixture.contextPath)
        let paths = PathSelection(patterns: ["in"])
        let hashed = StepSelection(
            digest: .sha256(of: []),
            entries: try paths.select(from: tree, destinationIsDirectory: true).entries
        )
        let binding = ContextBinding(paths: paths, selection: hashed)
        let folders = SharedFolders(fixture.session)
        let path = ContextPath(context: nil, path: "/in")
        try fixture.write("in/file", "22")
        let origin = try fixture.origin()
        await #expect(throws: ContextError.changedDuringBuild("in/file")) {
            try await folders.copy(of: path, binding, from: origin)
        }
        #expect(try fixture.names(in: fixture.session.path) == ["lock"], "nothing is left behind")
        try fixture.write("in/file", "1")
        let again = ContextBinding(
            paths: paths,
            selection: StepSelection(
                digest: .sha256(of: []),
                entries: try paths.select(from: tree, destinationIsDirectory: true).entries
            )
        )
        _ = try await folders.copy(of: path, again, from: origin)
    }

    /// CVE-2024-1753: a link of a stage as the source.
    @Test func aStageIsMountedAsItIsAndNothingLeadsOutOfIt() async throws {
        let fixture = try ExecFixture()
        let make = BuildPlanning.Operation.running(
            "busybox mkdir -p /etc/x; echo low > /etc/x/f; busybox ln -s / /rootdir; busybox ln -s ../../../../etc /up"
        )
        let look = BuildPlanning.Operation.running(
            "busybox cat /a/etc/x/f /b/x/f; echo x > /a/BREAKOUT; busybox ls /a",
            [
                .bind("/rootdir", from: .step(StepID(index: 1)), on: "/a", isReadOnly: false),
                .bind("/up", from: .step(StepID(index: 1)), on: "/b"),
            ]
        )
        let steps = [ExecFixture.base, Step(1, make, parent: 0), Step(2, look, parent: 0)]
        let solved = try await fixture.solve(steps)
        #expect(fixture.text == "low\nlow\nBREAKOUT\nbin\netc\nrootdir\nup\n")
        #expect(try FileStatus.at(hostPath: "/BREAKOUT", followingLinks: false) == nil)
        #expect(try await solved.fileTree().children("").map(\.name) == ["bin"])
    }

    @Test func deletedFilesOfAStageDoNotShow() async throws {
        let fixture = try ExecFixture()
        let steps = [
            ExecFixture.base,
            Step(1, .running("busybox mkdir /d /o; echo 1 > /d/gone; echo 1 > /d/kept; echo 1 > /o/gone"), parent: 0),
            Step(2, .running("busybox rm -r /d/gone /o; busybox mkdir /o"), parent: 1),
            Step(3, .running("busybox ls /m/d /m/o", [.bind("/", from: .step(StepID(index: 2)), on: "/m")]), parent: 0),
        ]
        _ = try await fixture.solve(steps)
        #expect(fixture.text == "/m/d:\nkept\n\n/m/o:\n")
    }

    @Test(arguments: [true, false]) func nothingAtAllCanBeMounted(_ isReadOnly: Bool) async throws {
        let fixture = try ExecFixture()
        let mount = MountOperation.bind("/", from: .nothing, on: "/m", isReadOnly: isReadOnly)
        try await fixture.run([.running("busybox ls /m; echo x > /m/x || echo refused", [mount])])
        #expect(fixture.text.contains("refused") == isReadOnly)
    }

    @Test func whatIsMissingIsSaid() async throws {
        let fixture = try ExecFixture()
        for origin in [FileOrigin.context(nil), .step(StepID(index: 0))] {
            let step = Step(1, .running("true", [.bind("/no/such", from: origin, on: "/m")]), parent: 0)
            let error = await #expect(throws: SolveError.self) { try await fixture.solve([ExecFixture.base, step]) }
            #expect(error?.description.contains("no/such` not found") == true, "\(origin)")
        }
    }

    @Test func aStackThatIsTooTallForTheKernelsLikingStillRuns() async throws {
        let fixture = try ExecFixture()
        let count = 230
        var steps = [ExecFixture.base]
        for number in 1...count {
            steps.append(Step(number, .makingDirectory(ByteString("/d/\(number)")), parent: number - 1))
        }
        let look: ByteString = """
            busybox ls /d | busybox wc -l; busybox stat -c %d / /d/1 /d/230 /bin/busybox | busybox sort -u | busybox wc -l
            busybox rmdir /d/1 /d/230; busybox ls /d | busybox wc -l; busybox ls /m/d | busybox wc -l
            """
        steps.append(
            Step(count + 1, .running(look, [.bind("/", from: .step(StepID(index: count)), on: "/m")]), parent: count)
        )
        steps.append(Step(count + 2, .running("busybox ls /d | busybox wc -l"), parent: count + 1))
        let solved = try await fixture.solve(steps)
        #expect(fixture.text == "230\n1\n228\n230\n228\n")
        #expect(try await solved.fileTree().children("d").count == 228)
    }

    @Test(
        arguments: [
            (0, 0), (1, 0), (64, 0), (65, 48), (71, 48), (72, 64), (224, 208), (500, 480), (900, 496),
        ]
    )
    func foundationsAreSharedByManyHeights(_ height: Int, _ expected: Int) {
        #expect(OverlayStack.foundationHeight(of: height) == expected)
    }
}
