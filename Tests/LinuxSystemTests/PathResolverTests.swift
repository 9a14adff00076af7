import ByteStrings
import FileModel
import Foundation
import LinuxSystem
import Synchronization
import SystemPackage
import Testing

/// What opening one path gives: the place below the scratch directory, or an errno.
struct PathCase: Sendable, CustomTestStringConvertible {
    var path: ByteString
    var inRoot: Outcome
    var beneath: Outcome
    var flags: OpenFlags = .pathOnly

    enum Outcome: Sendable {
        case file(ByteString)
        case fails(Errno)
    }

    var testDescription: String { path.count < 80 ? path.description : "\(path.count) bytes" }
}

@Suite struct PathResolverTests {
    static let strategies: [PathStrategy] = [.automatic, .kernel, .walk]

    static let cases: [PathCase] = [
        .init(path: "", inRoot: .file(""), beneath: .file("")),
        .init(path: ".", inRoot: .file(""), beneath: .file("")),
        .init(path: "/", inRoot: .file(""), beneath: .fails(.improperLink)),
        .init(path: "etc/passwd", inRoot: .file("etc/passwd"), beneath: .file("etc/passwd")),
        .init(path: "/etc/passwd", inRoot: .file("etc/passwd"), beneath: .fails(.improperLink)),
        .init(path: "etc//./passwd", inRoot: .file("etc/passwd"), beneath: .file("etc/passwd")),
        .init(path: "..", inRoot: .file(""), beneath: .fails(.improperLink)),
        .init(path: "../../../../etc/passwd", inRoot: .file("etc/passwd"), beneath: .fails(.improperLink)),
        .init(path: "a/b/../../etc", inRoot: .file("etc"), beneath: .file("etc")),
        .init(path: "a/b/..", inRoot: .file("a"), beneath: .file("a")),
        .init(path: "a/../../etc", inRoot: .file("etc"), beneath: .fails(.improperLink)),
        .init(path: "absolute", inRoot: .file("etc/passwd"), beneath: .fails(.tooManySymbolicLinkLevels)),
        .init(
            path: "absolute",
            inRoot: .file("absolute"),
            beneath: .file("absolute"),
            flags: [.pathOnly, .noFollow]
        ),
        .init(path: "up", inRoot: .file("etc/passwd"), beneath: .fails(.tooManySymbolicLinkLevels)),
        .init(path: "a/up/passwd", inRoot: .file("etc/passwd"), beneath: .fails(.tooManySymbolicLinkLevels)),
        .init(path: "toA/b", inRoot: .file("a/b"), beneath: .fails(.tooManySymbolicLinkLevels)),
        .init(path: "toA/../etc", inRoot: .file("etc"), beneath: .fails(.tooManySymbolicLinkLevels)),
        .init(path: "toRoot/etc", inRoot: .file("etc"), beneath: .fails(.tooManySymbolicLinkLevels)),
        .init(path: "toRoot", inRoot: .file(""), beneath: .fails(.tooManySymbolicLinkLevels)),
        .init(path: "loop", inRoot: .fails(.tooManySymbolicLinkLevels), beneath: .fails(.tooManySymbolicLinkLevels)),
        .init(path: "chain40", inRoot: .file("etc/passwd"), beneath: .fails(.tooManySymbolicLinkLevels)),
        .init(path: "chain41", inRoot: .fails(.tooManySymbolicLinkLevels), beneath: .fails(.tooManySymbolicLinkLevels)),
        .init(path: "etc/passwd/x", inRoot: .fails(.notDirectory), beneath: .fails(.notDirectory)),
        .init(path: "etc/passwd/", inRoot: .fails(.notDirectory), beneath: .fails(.notDirectory)),
        .init(path: "etc/passwd/..", inRoot: .fails(.notDirectory), beneath: .fails(.notDirectory)),
        .init(path: "nothing", inRoot: .fails(.noSuchFileOrDirectory), beneath: .fails(.noSuchFileOrDirectory)),
        .init(path: "nothing/..", inRoot: .fails(.noSuchFileOrDirectory), beneath: .fails(.noSuchFileOrDirectory)),
        .init(
            path: "dangling",
            inRoot: .fails(.noSuchFileOrDirectory),
            beneath: .fails(.tooManySymbolicLinkLevels)
        ),
        .init(
            path: "outside/canary",
            inRoot: .fails(.noSuchFileOrDirectory),
            beneath: .fails(.tooManySymbolicLinkLevels)
        ),
        .init(path: "toA/", inRoot: .file("a"), beneath: .fails(.tooManySymbolicLinkLevels)),
        .init(
            path: "toA/",
            inRoot: .file("a"),
            beneath: .fails(.tooManySymbolicLinkLevels),
            flags: [.pathOnly, .noFollow]
        ),
        .init(path: "absolute/", inRoot: .fails(.notDirectory), beneath: .fails(.tooManySymbolicLinkLevels)),
        .init(path: "toA", inRoot: .file("a"), beneath: .fails(.tooManySymbolicLinkLevels), flags: .directory),
        .init(
            path: "absolute",
            inRoot: .fails(.notDirectory),
            beneath: .fails(.tooManySymbolicLinkLevels),
            flags: .directory
        ),
        .init(path: "absolute", inRoot: .file("etc/passwd"), beneath: .fails(.tooManySymbolicLinkLevels), flags: []),
        .init(
            path: "absolute",
            inRoot: .fails(.tooManySymbolicLinkLevels),
            beneath: .fails(.tooManySymbolicLinkLevels),
            flags: .noFollow
        ),
        .init(path: "etc", inRoot: .fails(.isDirectory), beneath: .fails(.isDirectory), flags: .writeOnly),
        .init(path: "..", inRoot: .fails(.isDirectory), beneath: .fails(.improperLink), flags: .writeOnly),
        .init(path: "slashed", inRoot: .file("a"), beneath: .fails(.tooManySymbolicLinkLevels)),
        .init(path: "slashedFile", inRoot: .fails(.notDirectory), beneath: .fails(.tooManySymbolicLinkLevels)),
        .init(path: "nul\0", inRoot: .fails(.invalidArgument), beneath: .fails(.invalidArgument)),
        .init(
            path: ByteString([UInt8](repeating: 0x61, count: 256)),
            inRoot: .fails(.fileNameTooLong),
            beneath: .fails(.fileNameTooLong)
        ),
        .init(path: "\u{e9}", inRoot: .file("\u{e9}"), beneath: .file("\u{e9}")),
        .init(
            path: "e\u{301}",
            inRoot: .fails(.noSuchFileOrDirectory),
            beneath: .fails(.noSuchFileOrDirectory)
        ),
    ]

    /// `root` holds the tree, beside it lies what must stay out of reach.
    static func makeTree() throws -> Scratch {
        let scratch = try Scratch()
        try scratch.write("canary", "outside")
        try scratch.write("root/etc/passwd")
        try scratch.makeDirectory("root/a/b/c")
        try scratch.write("root/\u{e9}")
        try scratch.link("root/absolute", to: "/etc/passwd")
        try scratch.link("root/up", to: "../../../etc/passwd")
        try scratch.link("root/a/up", to: "../../../../etc")
        try scratch.link("root/toA", to: "a")
        try scratch.link("root/toRoot", to: "/")
        try scratch.link("root/loop", to: "loop")
        try scratch.link("root/dangling", to: "/made/by/nobody")
        try scratch.link("root/outside", to: scratch.path)
        try scratch.link("root/slashed", to: "a/")
        try scratch.link("root/slashedFile", to: "etc/passwd/")
        try scratch.link("root/chain1", to: "etc/passwd")
        for length in 2...41 {
            try scratch.link(ByteString("root/chain\(length)"), to: ByteString("chain\(length - 1)"))
        }
        return scratch
    }

    @Test(arguments: cases, strategies)
    func aPathEndsWhereTheTableSays(_ row: PathCase, by strategy: PathStrategy) throws {
        let scratch = try Self.makeTree()
        let root = try scratch.directory.openChild("root", .directory)
        for (resolution, outcome) in [(PathResolution.inRoot, row.inRoot), (.beneathWithoutLinks, row.beneath)] {
            switch outcome {
            case .fails(let expected):
                let found = errno { try root.open(row.path, row.flags, resolving: resolution, by: strategy) }
                #expect(found == expected, "\(resolution)")
            case .file(let below):
                let opened = try root.open(row.path, row.flags, resolving: resolution, by: strategy).status()
                let expected = try FileStatus.at(
                    hostPath: scratch.path("root").appendingPath(below),
                    followingLinks: false
                )
                #expect(opened.inode == expected?.inode, "\(resolution)")
            }
        }
    }

    /// All paths of up to three words over a small alphabet, opened in several ways.
    @Test(arguments: PathResolution.allCases)
    func theWalkAgreesWithTheKernel(_ resolution: PathResolution) throws {
        let scratch = try Self.makeTree()
        let root = try scratch.directory.openChild("root", .directory)
        let words: [ByteString] = [
            "a", "b", "..", ".", "", "etc", "passwd", "absolute", "up", "toA", "toRoot", "dangling", "outside",
            "slashed",
            "none",
        ]
        let ways: [OpenFlags] = [
            .pathOnly, [.pathOnly, .noFollow], [.pathOnly, .directory], [.pathOnly, .directory, .noFollow], .readOnly,
            .noFollow, .directory, [.directory, .noFollow], .readWrite,
        ]
        var compared = 0
        for first in words {
            for second in words {
                for third in words {
                    let path = ByteString(Array([first, second, third].map(\.bytes).joined(separator: [0x2f])))
                    for flags in ways {
                        let kernel = Self.outcome(root, path, flags, resolution, .kernel)
                        let walk = Self.outcome(root, path, flags, resolution, .walk)
                        #expect(kernel == walk, "`\(path)` with \(flags.rawValue)")
                        compared += 1
                    }
                }
            }
        }
        #expect(compared == 15 * 15 * 15 * 9)
    }

    private static func outcome(
        _ root: borrowing OwnedDescriptor,
        _ path: ByteString,
        _ flags: OpenFlags,
        _ resolution: PathResolution,
        _ strategy: PathStrategy
    ) -> String {
        do {
            let opened = try root.open(path, flags, resolving: resolution, by: strategy)
            return "inode \(try opened.status().inode)"
        } catch {
            return "\(error.errno.rawValue)"
        }
    }

    @Test(arguments: strategies)
    func aFileIsCreatedInsideThroughDanglingLinks(by strategy: PathStrategy) throws {
        let scratch = try Scratch()
        try scratch.makeDirectory("root/made")
        try scratch.link("root/link", to: "/made/file")
        let root = try scratch.directory.openChild("root", .directory)
        let flags: OpenFlags = [.writeOnly, .create]

        try root.open("link", flags, permissions: 0o644, resolving: .inRoot, by: strategy).write([1])
        #expect(try scratch.exists("root/made/file"))
        let exclusive = errno {
            try root.open("link", [.writeOnly, .create, .exclusive], resolving: .inRoot, by: strategy)
        }
        #expect(exclusive == .fileExists)
        let beneath = errno { try root.open("link", flags, resolving: .beneathWithoutLinks, by: strategy) }
        #expect(beneath == .tooManySymbolicLinkLevels)
        #expect(errno { try root.open("new/", flags, resolving: .inRoot, by: strategy) } == .isDirectory)
    }

    @Test func aPathLongerThanTheKernelTakesIsWalked() throws {
        let scratch = try Scratch()
        var bottom = try scratch.directory.reopenDirectory()
        let name = ByteString([UInt8](repeating: 0x64, count: 200))
        for _ in 0..<100 {
            try bottom.makeDirectory(name, permissions: 0o755)
            bottom = try bottom.openChild(name, .directory)
        }
        let path = Array(repeating: name, count: 100).joinedAsPath

        let opened = try scratch.directory.open(path, .pathOnly, resolving: .inRoot)
        #expect(try opened.status().inode == bottom.status().inode)
        let up = path.appendingPath(Array(repeating: ByteString(".."), count: 100).joinedAsPath)
        let top = try scratch.directory.open(up, .pathOnly, resolving: .inRoot)
        #expect(try top.status().inode == scratch.directory.status().inode)
        try scratch.directory.removeTree(name)
    }

    @Test(arguments: strategies)
    func aMagicLinkOfProcfsIsNotFollowed(by strategy: PathStrategy) throws {
        let process = try OwnedDescriptor.openDirectory("/proc/self")
        #expect(
            errno { try process.open("root/etc", .pathOnly, resolving: .inRoot, by: strategy) }
                == .tooManySymbolicLinkLevels
        )
        #expect(
            errno { try process.open("exe", .readOnly, resolving: .inRoot, by: strategy) }
                == .tooManySymbolicLinkLevels
        )
    }

    /// A neighbour swaps a directory for a link to the outside, and moves directories about, all the time.
    @Test(arguments: [PathStrategy.automatic, .walk])
    func aRaceNeverLeavesTheRoot(by strategy: PathStrategy) async throws {
        let scratch = try Scratch()
        try scratch.write("canary", "outside")
        try scratch.write("root/in/side/canary", "inside")
        try scratch.link("root/swap", to: "../..")
        let root = try scratch.directory.openChild("root", .directory)
        let outside = try scratch.directory.status(of: "canary").inode

        try await withThrowingTaskGroup(of: Void.self) { group in
            let path = scratch.path
            let over = Flag()
            group.addTask {
                try await BlockingThread.run {
                    let root = try OwnedDescriptor.openDirectory(path.appendingPath("root"))
                    let above = try OwnedDescriptor.openDirectory(path)
                    while !over.isSet {
                        try root.exchange("in", with: "swap", in: root)
                        try root.exchange("in", with: "swap", in: root)
                        try root.rename("in", to: "moved", in: above)
                        try above.rename("moved", to: "in", in: root)
                    }
                }
            }
            for _ in 0..<4000 {
                for path: ByteString in ["in/side/../../canary", "in/../canary", "in/side/canary", "in/canary"] {
                    guard let opened = try? root.open(path, .readOnly, resolving: .inRoot, by: strategy) else {
                        continue
                    }
                    #expect(try opened.status().inode != outside)
                }
            }
            over.set()
            try await group.waitForAll()
        }
    }
}

/// A flag that threads share.
final class Flag: Sendable {
    private let value = Atomic(false)
    var isSet: Bool { value.load(ordering: .acquiring) }
    func set() { value.store(true, ordering: .releasing) }
}
