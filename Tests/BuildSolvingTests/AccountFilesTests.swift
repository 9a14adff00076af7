import BuildContexts
import BuildPlanning
import ByteStrings
import ContainerSandbox
import FileModel
import Foundation
import LayerSnapshots
import LinuxSystem
import SystemPackage
import Testing

@testable import BuildSolving

@Suite struct AccountFilesTests {
    private func files(_ fixture: SolverFixture) throws -> AccountFiles {
        try AccountFiles(in: try LocalContext(hostPath: fixture.contextPath))
    }

    @Test(
        arguments: [
            ("1000", 1000, 1000), ("1000:7", 1000, 7), ("app", 1000, 2000), ("app:staff", 1000, 50), ("app:7", 1000, 7),
            (":staff", 0, 50), ("root", 0, 0), ("4294967294", 4_294_967_294, 4_294_967_294),
        ] as [(ByteString, UInt32, UInt32)]
    )
    func ownersAreNumbersOrNames(_ text: ByteString, _ user: UInt32, _ group: UInt32) throws {
        let fixture = try SolverFixture()
        try fixture.write("etc/passwd", "app:x:1000:2000::/:\n")
        try fixture.write("etc/group", "staff:x:50:\n")
        #expect(try files(fixture).owner(text) == CopyOptions.Owner(user: user, group: group))
    }

    @Test(arguments: ["nobody", "app:nobody", "4294967296", "-1", "0x0"] as [ByteString])
    func anOwnerWhomNobodyKnowsIsNotRoot(_ text: ByteString) throws {
        let fixture = try SolverFixture()
        try fixture.write("etc/passwd", "app:x:1000:2000::/:\n")
        #expect(throws: SolveFailure.self) { try files(fixture).owner(text) }
    }

    @Test func withoutFilesNumbersAreKnown() throws {
        #expect(try files(try SolverFixture()).owner("5:6") == CopyOptions.Owner(user: 5, group: 6))
    }

    /// Each layer is a folder of the fixture; the view is asked after each.
    @Test(
        .root,
        arguments: [
            // What is below `etc` shows at once, and so does a root that hides all of it.
            (["etc/passwd": "a", "f": ""], ["g": ""], ["etc/passwd": "b"], ["a", "a", "b"]),
            (["f": ""], ["etc/passwd": "a"], ["g": ""], [nil, "a", "a"]),
            (["etc/passwd": "a"], ["g": ""], ["etc/group": "b"], ["a", "a", "a"]),
            (["etc/passwd": "a"], ["g": ""], ["opaque": ""], ["a", "a", nil]),
            // A link leads to what other layers change.
            (["etc/passwd": "-> /other", "other": "a"], ["other": "b"], ["g": ""], ["a", "b", "b"]),
            (["etc": "-> /lib", "lib/passwd": "a"], ["lib/passwd": "b"], ["lib/passwd": "c"], ["a", "b", "c"]),
            (["etc/passwd": "-> /other"], ["g": ""], ["other": "c"], [nil, nil, "c"]),
        ] as [([String: String], [String: String], [String: String], [String?])]
    )
    func layersAreReadAgainWhenTheyMatter(
        _ first: [String: String],
        _ second: [String: String],
        _ third: [String: String],
        _ expected: [String?]
    ) throws {
        let fixture = try SolverFixture()
        var view = try SnapshotView(layers: [])
        for (number, layer) in [first, second, third].enumerated() {
            let root = fixture.contextPath.appendingPath(ByteString("\(number)"))
            _ = try OwnedDescriptor.makeDirectories(root, permissions: 0o755)
            for (name, content) in layer {
                let path = root.appendingPath(ByteString(name))
                let components = path.pathComponents
                let folder = try OwnedDescriptor.makeDirectories(
                    ByteString("/") + components.dropLast().joinedAsPath,
                    permissions: 0o755
                )
                if content.hasPrefix("-> ") {
                    try folder.makeSymbolicLink(path.lastPathComponent, to: ByteString(String(content.dropFirst(3))))
                } else {
                    try fixture.write("\(number)/\(name)", content)
                }
            }
            let directory = try OwnedDescriptor.openDirectory(root)
            let mark: ByteString =
                UserNamespace.current.isInitial ? "trusted.overlay.opaque" : "user.overlay.opaque"
            if layer["opaque"] != nil { try directory.setExtendedAttribute(mark, Array("y".utf8)) }
            view = try view.adding(.tree(LayerTree(path: root)))
            for _ in 0..<2 {
                #expect(try AccountFiles(in: view).passwd == expected[number].map { Array($0.utf8) })
            }
        }
    }

    @Test(.timeLimit(.minutes(1))) func whatIsNoRegularFileCountsAsMissing() throws {
        let fixture = try SolverFixture()
        try fixture.write("etc/x", "")
        let folder = try OwnedDescriptor.openDirectory(fixture.contextPath).openChild("etc", .directory)
        try folder.makeNode("passwd", kind: .fifo, permissions: 0o644, device: .init(major: 0, minor: 0))
        try folder.makeSymbolicLink("group", to: "../../../../../../../../etc/hostname")
        let files = try files(fixture)
        #expect(files.passwd == nil)
        #expect(files.group == nil)
    }

    @Test func aHugeFileIsRefused() throws {
        let fixture = try SolverFixture()
        try fixture.write("etc/passwd", "")
        let path = fixture.contextPath.appendingPath("etc/passwd")
        try OwnedDescriptor.openFile(path, .writeOnly).truncate(to: UInt64(UserLookup.sizeLimit) + 1)
        #expect(throws: SolveFailure.self) { try files(fixture) }
    }

    // MARK: - Failures in words

    private func text(_ error: any Error, _ operation: BuildPlanning.Operation) -> (String, String?) {
        let described = StepFailures.describe(error, Step(0, operation))
        return (described.description, described.hint)
    }

    @Test func aMissingSourceSaysWhereItWasLookedFor() {
        func copy(_ origin: FileOrigin) -> BuildPlanning.Operation {
            .copy(CopyOperation(sources: [.path("a")], origin: origin, destination: "/"))
        }
        let missing = ContextError.notFound(path: "a", nearest: "b", hiddenBy: nil)
        let start = "failed to compute cache key: `a` not found in "
        #expect(text(missing, copy(.context(nil))) == (start + "the build context", "the nearest that exists is `b`"))
        #expect(text(missing, copy(.context("x"))).0 == start + "the build context `x`")
        #expect(text(missing, copy(.step(StepID(index: 0)))).0 == start + "the stage it is copied from")

        let bind = BindMount(origin: .step(StepID(index: 0)), source: "/a", isReadOnly: true)
        let run = ExecOperation(
            arguments: ["x"],
            environment: [],
            workingDirectory: "/",
            user: "",
            mounts: [MountOperation(kind: .bind(bind), target: "/t")]
        )
        #expect(text(missing, .exec(run)).0 == start + "the stage it is mounted from")
    }

    @Test func aHiddenSourceNamesTheRule() {
        let rule = IgnoreRule(file: ".dockerignore", line: 3, text: "*.log")
        let missing = ContextError.notFound(path: "a.log", nearest: nil, hiddenBy: rule)
        #expect(text(missing, .copying("a.log", to: "/")).1 == "line 3 of .dockerignore ignores it: `*.log`")
    }

    @Test func aFullDiskSaysWhatHelps() {
        let error = SystemError(operation: "write", errno: .noSpace)
        #expect(text(error, .makingDirectory("/a")).1?.contains("--root") == true)
    }

    @Test func theHintOfAFailureStays() {
        #expect(text(SolveFailure("no", hint: "do"), .makingDirectory("/a")) == ("no", "do"))
    }
}
