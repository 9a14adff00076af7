import ByteStrings
import FileModel
import Foundation
import LinuxSystem
import SystemPackage
import Testing

@Suite struct DirectoryTests {
    /// Every call that takes a name, by what it does with one.
    static let calls: [(String, @Sendable (borrowing OwnedDescriptor, ByteString) throws -> Void)] = [
        ("openChild", { _ = try $0.openChild($1, .readOnly) }),
        ("status", { _ = try $0.status(of: $1) }),
        ("statusIfPresent", { _ = try $0.statusIfPresent(of: $1) }),
        ("readLink", { _ = try $0.readLink($1) }),
        ("makeDirectory", { try $0.makeDirectory($1, permissions: 0o755) }),
        ("makeSymbolicLink", { try $0.makeSymbolicLink($1, to: "x") }),
        ("makeNode", { try $0.makeNode($1, kind: .fifo, permissions: 0o644) }),
        ("makeHardLink", { try $0.makeHardLink($1, to: "file", in: $0) }),
        ("makeHardLink to", { try $0.makeHardLink("new", to: $1, in: $0) }),
        ("rename", { try $0.rename($1, to: "new", in: $0) }),
        ("rename to", { try $0.rename("file", to: $1, in: $0) }),
        ("exchange", { try $0.exchange($1, with: "file", in: $0) }),
        ("exchange with", { try $0.exchange("file", with: $1, in: $0) }),
        ("removeFile", { try $0.removeFile($1) }),
        ("removeDirectory", { try $0.removeDirectory($1) }),
        ("removeTree", { try $0.removeTree($1) }),
        ("setOwner", { try $0.setOwner(0, 0, of: $1) }),
        ("setPermissions", { try $0.setPermissions(0o700, of: $1) }),
        ("setModified", { try $0.setModified(.epoch, of: $1) }),
        ("extendedAttributes", { _ = try $0.extendedAttributes(of: $1) }),
        ("extendedAttribute", { _ = try $0.extendedAttribute("user.a", of: $1) }),
        ("setExtendedAttribute", { try $0.setExtendedAttribute("user.a", [1], of: $1) }),
        ("removeExtendedAttribute", { try $0.removeExtendedAttribute("user.a", of: $1) }),
    ]

    @Test(arguments: [0, 1, 64, 65, 3000]) func namesAreGivenUpToALimit(count: Int) throws {
        let scratch = try Scratch()
        let names = Set((0..<count).map { ByteString("a name of some length, number \($0)") })
        for name in names { try scratch.directory.makeDirectory(name, permissions: 0o755) }
        for limit in [0, 1, 64, 65, 3000] {
            let directory = try scratch.directory.reopenDirectory()
            #expect(try directory.names(atMost: limit) == (count <= limit ? names : nil))
        }
    }

    @Test(arguments: ["", ".", "..", "/", "a/b", "../file", "file/", "nul\0"] as [ByteString])
    func anythingButASingleNameIsRefused(_ name: ByteString) throws {
        let scratch = try Scratch()
        try scratch.write("inner/file")
        try scratch.write("file")
        let inner = try scratch.directory.openChild("inner", .directory)
        for (label, call) in Self.calls {
            #expect(errno { try call(inner, name) } == .invalidArgument, "\(label)")
        }
        #expect(try scratch.exists("file"))
        #expect(try scratch.exists("inner/file"))
    }

    @Test func entriesComeInByteOrderWithTheirKinds() throws {
        let scratch = try Scratch()
        let names: [ByteString] = [
            "b", "B", "-x", ByteString([0xff, 0x0a]), "\u{e9}", "e\u{301}", "a b", ".hidden", "...",
        ]
        for name in names {
            _ = try scratch.directory.openChild(name, [.writeOnly, .create], permissions: 0o600)
        }
        try scratch.makeDirectory("dir")
        try scratch.link("link", to: "dir")
        try scratch.directory.makeNode("fifo", kind: .fifo, permissions: 0o600)

        let expected =
            (names.map { DirectoryEntry(name: $0, kind: .regular) } + [
                DirectoryEntry(name: "dir", kind: .directory), DirectoryEntry(name: "link", kind: .symbolicLink),
                DirectoryEntry(name: "fifo", kind: .fifo),
            ]).sorted { $0.name < $1.name }
        #expect(try scratch.directory.entries() == expected)
        #expect(try scratch.directory.entries() == expected, "a second listing starts over")
        let place = try OwnedDescriptor.openFile(scratch.path, [.pathOnly, .directory])
        #expect(try place.entries() == expected)
    }

    @Test func aDirectoryOfManyEntriesIsListedWhole() throws {
        let scratch = try Scratch()
        for number in 0..<5000 { try scratch.directory.makeSymbolicLink(ByteString("link-\(number)"), to: "x") }
        #expect(Set(try scratch.directory.entries().map(\.name)).count == 5000)
    }

    @Test func aRenameReplacesOnlyWhereItMay() throws {
        let scratch = try Scratch()
        try scratch.write("a", "a")
        try scratch.write("b", "b")
        let here = try scratch.directory.duplicate()
        #expect(errno { try here.rename("a", to: "b", in: here, noReplace: true) } == .fileExists)
        #expect(try scratch.text("b") == "b")
        try here.exchange("a", with: "b", in: here)
        #expect(try scratch.text("b") == "a")
        try here.rename("a", to: "b", in: here)
        #expect(try scratch.text("b") == "b")
        #expect(try !scratch.exists("a"))
    }

    @Test func aHardLinkToASymbolicLinkIsALink() throws {
        let scratch = try Scratch()
        try scratch.link("link", to: "nowhere")
        let here = try scratch.directory.duplicate()
        try here.makeHardLink("second", to: "link", in: here)
        #expect(try here.status(of: "second").inode == here.status(of: "link").inode)
        #expect(try here.status(of: "link").linkCount == 2)
        #expect(try here.readLink("second") == "nowhere")
    }

    @Test func missingDirectoriesAreMade() throws {
        let scratch = try Scratch()
        try scratch.link("link", to: "real")
        try scratch.makeDirectory("real")
        let made = try OwnedDescriptor.makeDirectories(scratch.path("link/a/../b//c"), permissions: 0o700)
        #expect(try made.status().permissions == 0o700)
        #expect(
            try made.status().inode == FileStatus.at(hostPath: scratch.path("real/b/c"), followingLinks: false)?.inode
        )
        let again = try OwnedDescriptor.makeDirectories(scratch.path("real/b/c"), permissions: 0o755)
        #expect(try again.status().permissions == 0o700)
        try scratch.write("file")
        #expect(
            errno { try OwnedDescriptor.makeDirectories(scratch.path("file/x"), permissions: 0o755) } == .notDirectory
        )
    }

    @Test func nothingThereIsNoStatus() throws {
        let scratch = try Scratch()
        try scratch.write("file")
        try scratch.link("dangling", to: "nowhere")
        #expect(try FileStatus.at(hostPath: scratch.path("none"), followingLinks: true) == nil)
        #expect(try FileStatus.at(hostPath: scratch.path("file/below"), followingLinks: true) == nil)
        #expect(try FileStatus.at(hostPath: scratch.path("dangling"), followingLinks: true) == nil)
        #expect(try FileStatus.at(hostPath: scratch.path("dangling"), followingLinks: false)?.kind == .symbolicLink)
        #expect(try scratch.directory.statusIfPresent(of: "none") == nil)
        #expect(errno { try scratch.directory.status(of: "none") } == .noSuchFileOrDirectory)
    }

    @Test(.root) func devicesKeepTheirNumbers() throws {
        let scratch = try Scratch()
        let number = DeviceNumber(major: 511, minor: 70000)
        try scratch.directory.makeNode("device", kind: .blockDevice, permissions: 0o600, device: number)
        try scratch.directory.makeNode("whiteout", kind: .characterDevice, permissions: 0)
        let status = try scratch.directory.status(of: "device")
        #expect(status.kind == .blockDevice && status.deviceNumber == number)
        #expect(try scratch.directory.status(of: "whiteout").deviceNumber == DeviceNumber(major: 0, minor: 0))
    }
}
