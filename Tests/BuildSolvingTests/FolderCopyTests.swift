import BuildContexts
import BuildPlanning
import ByteStrings
import ContentStorage
import FileModel
import Foundation
import LinuxSystem
import Testing

@testable import BuildSolving

@Suite struct FolderCopyTests {
    private func open(_ path: ByteString) throws -> OwnedDescriptor { try OwnedDescriptor.openDirectory(path) }

    @Test(.root) func linksAreCopiedAndNeverFollowed() throws {
        let fixture = try SolverFixture()
        try fixture.write("in/file", "text")
        let context = try open(fixture.contextPath)
        let folder = try context.openChild("in", .directory)
        try folder.makeSymbolicLink("out", to: "/etc/passwd")
        try folder.makeSymbolicLink("up", to: "../../../../..")
        try folder.makeNode("pipe", kind: .fifo, permissions: 0o600, device: DeviceNumber(major: 0, minor: 0))
        let place = fixture.session.path.appendingPath("copy")
        let copy = try FolderCopy.make(of: "/in", in: try fixture.origin(), below: place)
        #expect(copy.isDirectory)
        let made = try open(copy.folder.appendingPath(FolderCopy.content))
        #expect(try made.entries().map(\.name) == ["file", "out", "pipe", "up"])
        #expect(try made.readLink("out") == "/etc/passwd")
        #expect(try made.readLink("up") == "../../../../..")
        #expect(try made.status(of: "pipe").kind == .fifo)
        #expect(try made.status(of: "file").modified.seconds == 1_000_000)
    }

    @Test(.root) func aSourceThroughALinkStaysInsideTheTree() throws {
        let fixture = try SolverFixture()
        try fixture.write("etc/passwd", "inside")
        let context = try open(fixture.contextPath)
        try context.makeSymbolicLink("root", to: "/")
        try context.makeSymbolicLink("up", to: "../../../../../../..")
        for (number, source) in (["/root/etc/passwd", "/up/etc/passwd", "/../../etc/passwd"] as [ByteString])
            .enumerated()
        {
            let place = fixture.session.path.appendingPath(ByteString("copy-\(number)"))
            let copy = try FolderCopy.make(of: source, in: try fixture.origin(), below: place)
            let bytes = try OwnedDescriptor.openFile(copy.folder.appendingPath(FolderCopy.content), .readOnly).readAll(
                limit: 100
            )
            #expect(bytes == Array("inside".utf8), "\(source)")
        }
    }

    @Test(.root) func attributesOfFilesAreKept() throws {
        let fixture = try SolverFixture()
        try fixture.write("in/file", "text")
        let place = try open(fixture.contextPath).openChild("in", .directory)
        try place.setPermissions(0o751, of: "file")
        try place.setExtendedAttribute("user.colour", Array("red".utf8), of: "file")
        let origin = BuildSolver.Origin(
            tree: try LocalContext(hostPath: fixture.contextPath),
            keepsOwners: true,
            epoch: .epoch
        )
        let known = try origin.tree.extendedAttributes("in/file")
        let copy = try FolderCopy.make(of: "in", in: origin, below: fixture.session.path.appendingPath("copy"))
        let made = try open(copy.folder.appendingPath(FolderCopy.content))
        #expect(try made.status(of: "file").permissions == 0o751)
        #expect(try made.extendedAttributes(of: "file") == known)
    }

    @Test func whatIsMissingIsSaid() throws {
        let fixture = try SolverFixture()
        #expect(throws: ContextError.notFound(path: "/no", nearest: nil, hiddenBy: nil)) {
            try FolderCopy.make(of: "/no", in: try fixture.origin(), below: fixture.session.path.appendingPath("copy"))
        }
    }

    @Test(.root) func bytesArriveWhateverTheirNumber() throws {
        let fixture = try SolverFixture()
        for (name, size) in [("empty", 0), ("small", 1), ("large", 3_000_001)] {
            try fixture.write("in/\(name)", String(repeating: "x", count: size))
        }
        let copy = try FolderCopy.make(
            of: "in",
            in: try fixture.origin(),
            below: fixture.session.path.appendingPath("copy")
        )
        let made = try open(copy.folder.appendingPath(FolderCopy.content))
        #expect(try ["empty", "small", "large"].map { try made.status(of: $0).size } == [0, 1, 3_000_001])
    }

    @Test func aCommandsFolderIsMadeWhenItIsNeededAndGoesWithItsOwner() throws {
        let fixture = try SolverFixture()
        var folder: CommandFolder? = CommandFolder(fixture.session)
        #expect(try fixture.names(in: fixture.session.path) == ["lock"])
        let path = try #require(try folder?.makeFolder("upper"))
        #expect(try FileStatus.at(hostPath: path, followingLinks: false)?.permissions == 0o755)
        folder = nil
        #expect(try FileStatus.at(hostPath: path, followingLinks: false) == nil)
        #expect(try fixture.names(in: fixture.session.path) == ["lock"])

        let second = CommandFolder(fixture.session)
        _ = try second.open()
        second.remove()
        second.remove()
        #expect(try fixture.names(in: fixture.session.path) == ["lock"])
    }
}
