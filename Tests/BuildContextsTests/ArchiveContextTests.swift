import BuildContexts
import ByteStrings
import FileModel
import Foundation
import LinuxSystem
import OCIModel
import TarArchive
import Testing

/// An archive as a build context, also one that wants out.
///
/// The classes are those of CVE-2014-9356 and CVE-2026-20613 (names with `..`), CVE-2018-15664 and CVE-2025-47290 (writing
/// through a link), CVE-2021-32760 (hard links out), CVE-2021-29136 (the root replaced), CVE-2022-4122 (a Dockerfile that
/// is a link), CVE-2017-14992 (bombs).
@Suite struct ArchiveContextTests {
    struct Member: Sendable {
        var entry: TarEntry
        var content: [UInt8] = []

        static func file(_ path: String, _ content: String = "", _ change: (inout FileAttributes) -> Void = { _ in })
            -> Member
        {
            var attributes = FileAttributes(permissions: 0o644, modified: Timestamp(seconds: 5))
            change(&attributes)
            let entry = TarEntry(
                path: ByteString(path),
                kind: .regular,
                attributes: attributes,
                size: UInt64(content.utf8.count)
            )
            return Member(entry: entry, content: Array(content.utf8))
        }

        static func folder(_ path: String, _ permissions: UInt16 = 0o755) -> Member {
            let attributes = FileAttributes(permissions: permissions, owner: 7, modified: Timestamp(seconds: 6))
            return Member(entry: TarEntry(path: ByteString(path), kind: .directory, attributes: attributes))
        }

        static func link(_ path: String, _ target: String, _ kind: TarEntryKind = .symbolicLink) -> Member {
            let attributes = FileAttributes(permissions: 0o777)
            return Member(
                entry: TarEntry(
                    path: ByteString(path),
                    kind: kind,
                    attributes: attributes,
                    linkTarget: ByteString(target)
                )
            )
        }
    }

    /// A tar whose names are as given, which our writer would refuse.
    static func tar(_ members: [Member]) throws -> [UInt8] {
        var bytes: [UInt8] = []
        for var member in members {
            let name = member.entry.path
            let isPlain = !name.isAbsolutePath && !name.isEmpty && name.last != ByteString.slash
            if !isPlain { member.entry.path = ByteString([UInt8](repeating: UInt8(ascii: "@"), count: name.count)) }
            var writer = TarWriter(MemorySink())
            try writer.append(member.entry)
            if member.entry.kind == .regular { try writer.write(content: member.content) }
            try writer.finish()
            var part = Array(writer.sink.bytes.dropLast(1024))
            if !isPlain {
                part.replaceSubrange(0..<name.count, with: name.bytes)
                part.replaceSubrange(148..<156, with: Array("        ".utf8))
                let sum = String(part[..<512].reduce(0) { $0 + Int($1) }, radix: 8)
                let text = String(repeating: "0", count: 6 - sum.count) + sum + "\0 "
                part.replaceSubrange(148..<156, with: Array(text.utf8))
            }
            bytes += part
        }
        return bytes + [UInt8](repeating: 0, count: 1024)
    }

    static func unpack(
        _ bytes: [UInt8],
        in folder: borrowing TemporaryFolder,
        limits: ArchiveLimits = .standard
    ) throws -> ArchiveContext {
        let file = try MemoryFile.sealed(name: "archive", bytes: bytes)
        return try ArchiveContext.unpack(
            from: .descriptor(file.rawValue),
            into: folder.hostPath + "/unpacked",
            limits: limits
        )
    }

    static func listing(_ tree: ArchiveContext) throws -> [String] {
        var lines: [String] = []
        try tree.walk("") { found in
            switch found.entry.kind {
            case .directory: lines.append("\(found.path)/")
            case .symbolicLink: lines.append("\(found.path) -> \(try tree.readLink(found.path))")
            case .regular: lines.append("\(found.path) \(ByteString(try tree.open(found.path).readAll(limit: 99)))")
            default: lines.append("\(found.path) \(found.entry.kind)")
            }
            return .descend
        }
        return lines
    }

    static let shapes: [(name: String, members: [Member], expected: [String])] = [
        (
            "names that lead out",
            [.file("../x", "1"), .file("/../../y", "2"), .file("a/../../z", "3"), .file("/abs", "4")],
            ["abs 4", "x 1", "y 2", "z 3"]
        ),
        (
            "links that lead out",
            [
                .folder("etc"), .link("abs", "/etc"), .file("abs/passwd", "1"), .link("up", "../../.."),
                .file("up/x", "2"),
            ],
            ["abs -> /etc", "etc/", "etc/passwd 1", "up -> ../../..", "x 2"]
        ),
        (
            "a directory replaced by a link",
            [.folder("d"), .file("d/f", "1"), .folder("e"), .link("d", "/e"), .file("d/f", "2")],
            ["d -> /e", "e/", "e/f 2"]
        ),
        ("a link replaced by a file", [.link("f", "/canary"), .file("f", "1")], ["f 1"]),
        ("a link kept as written", [.link("l", "../../../../etc/pki/java")], ["l -> ../../../../etc/pki/java"]),
        ("a hard link", [.file("a", "1"), .link("b", "a", .hardLink)], ["a 1", "b 1"]),
        (
            "a hard link to a link", [.link("l", "/etc/shadow"), .link("h", "l", .hardLink)],
            ["h -> /etc/shadow", "l -> /etc/shadow"]
        ),
        (
            "a hard link through a link",
            [.folder("d"), .file("d/f", "1"), .link("l", "/d"), .link("h", "l/f", .hardLink)],
            ["d/", "d/f 1", "h 1", "l -> /d"]
        ),
        ("the root as a directory", [.folder("./"), .file("./f", "1")], ["f 1"]),
        ("a name for a deletion is a name", [.file("a", "1"), .file(".wh.a", "2")], [".wh.a 2", "a 1"]),
        ("a file replaced by a directory", [.file("a", "1"), .folder("a"), .file("a/b", "2")], ["a/", "a/b 2"]),
    ]

    @Test(arguments: shapes)
    func membersStayInside(_ name: String, _ members: [Member], _ expected: [String]) throws {
        let folder = try TemporaryFolder()
        try folder.write("canary", "canary")
        let tree = try Self.unpack(Self.tar(members), in: folder)
        #expect(try Self.listing(tree) == expected)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(names == ["canary", "unpacked"])
        // Nothing on the disk has a name of the archive, a mode of it, or is anything but a file.
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path + "/unpacked") {
            let status = try OwnedDescriptor.openDirectory(folder.hostPath + "/unpacked").status(of: ByteString(name))
            #expect(Int(name) != nil && status.kind == .regular && status.permissions == 0o600)
        }
    }

    static let refused: [(name: String, members: [Member], error: ContextError)] = [
        ("below a file", [.file("f"), .file("f/g")], .notDirectory("f")),
        ("a link loop", [.link("a", "b"), .link("b", "a"), .file("a/f")], .tooManyLinks("a")),
        (
            "through a link to nothing", [.link("a", "b"), .file("a/f")],
            .notFound(path: "a/f", nearest: nil, hiddenBy: nil)
        ),
        ("the root as a link", [.link("./", "/etc")], .replacesRoot("./")),
        ("the root as a file", [.file("a/..", "1")], .replacesRoot("a/..")),
        ("the root as a hard link", [.file("f"), .link(".", "f", .hardLink)], .replacesRoot(".")),
        (
            "a hard link out", [.link("h", "../../../../etc/hostname", .hardLink)],
            .missingLinkTarget("h", target: "../../../../etc/hostname")
        ),
        ("a hard link to itself", [.file("h"), .link("h", "h", .hardLink)], .missingLinkTarget("h", target: "h")),
        (
            "a hard link to a directory", [.folder("d"), .link("h", "d", .hardLink)],
            .missingLinkTarget("h", target: "d")
        ),
        (
            "a device 0:0",
            [
                Member(
                    entry: TarEntry(path: "c", kind: .characterDevice, attributes: FileAttributes(permissions: 0o600))
                )
            ], .forgedWhiteout("c")
        ),
        (
            "a name that no folder holds", [.file(String(repeating: "n", count: 256))],
            .nameTooLong(ByteString(String(repeating: "n", count: 256)))
        ),
    ]

    @Test(arguments: refused)
    func whatNoFolderCouldHoldIsRefusedAndNothingIsLeft(_ name: String, _ members: [Member], _ error: ContextError)
        throws
    {
        let folder = try TemporaryFolder()
        #expect(throws: error) { _ = try Self.unpack(Self.tar(members), in: folder) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    @Test func attributesAreTheArchives() throws {
        let folder = try TemporaryFolder()
        let time = Timestamp(seconds: -1, nanoseconds: 250_000_000)
        let members: [Member] = [
            .folder("made", 0o1770),
            .file("f", "content") {
                $0 = FileAttributes(permissions: 0o4755, owner: 4_294_967_294, group: 65534, modified: time)
                $0.extendedAttributes = [
                    "security.capability": [1], "user.a": [2], "trusted.overlay.opaque": [3],
                    "user.overlay.opaque": [4],
                    "security.selinux": [5],
                ]
            },
            .link("h", "f", .hardLink), .file("deep/implied/f"),
        ]
        let tree = try Self.unpack(Self.tar(members), in: folder)
        let entry = try #require(try tree.status("f"))
        #expect(entry.permissions == 0o4755 && entry.owner == 4_294_967_294 && entry.group == 65534)
        #expect(entry.modified == time && entry.size == 7 && entry.linkCount == 2)
        #expect(try tree.status("h")?.fileID == entry.fileID)
        #expect(try tree.extendedAttributes("f") == ["security.capability": [1], "user.a": [2]])
        #expect(try tree.knownContentHash("f") == ContentHash(.sha256(of: Array("content".utf8))))
        #expect(try tree.status("made")?.permissions == 0o1770)
        #expect(try tree.status("made")?.owner == 7)
        #expect(try tree.status("deep/implied")?.permissions == 0o755)
        #expect(!tree.isLive)
    }

    @Test(arguments: Compression.allCases)
    func compressedArchivesAreRead(_ compression: Compression) throws {
        let folder = try TemporaryFolder()
        let bytes = try compression.compress(Self.tar([.file("f", "text")]))
        #expect(try Self.listing(Self.unpack(bytes, in: folder)) == ["f text"])
    }

    @Test func aPipeIsReadToTheEndOfTheArchive() throws {
        let folder = try TemporaryFolder()
        let pipe = Foundation.Pipe()
        let bytes = try Self.tar([.file("f", String(repeating: "x", count: 300_000)), .file("g", "last")])
        Thread.detachNewThread {
            pipe.fileHandleForWriting.write(Data(bytes))
            try? pipe.fileHandleForWriting.close()
        }
        let tree = try ArchiveContext.unpack(
            from: .descriptor(pipe.fileHandleForReading.fileDescriptor),
            into: folder.hostPath + "/unpacked"
        )
        #expect(try tree.status("f")?.size == 300_000)
        #expect(try tree.readFile("g", limit: 9) == Array("last".utf8))
    }

    @Test(arguments: ["/etc/passwd", "../../../etc/passwd", "/proc/self/environ", "nothing", "Dockerfile"])
    func aDockerfileThatIsALinkStaysInside(_ target: String) throws {
        let folder = try TemporaryFolder()
        let tree = try Self.unpack(Self.tar([.link("Dockerfile", target)]), in: folder)
        #expect((try? tree.readFile("Dockerfile", limit: 1 << 20)) ?? nil == nil)
    }

    @Test func limitsAreNamedAndNothingIsLeft() throws {
        let folder = try TemporaryFolder()
        var limits = ArchiveLimits.standard
        limits.entries = 2
        let bytes = try Self.tar([.file("a"), .file("b"), .file("c")])
        #expect(throws: ArchiveError.limitExceeded(.entries, allowed: 2)) {
            _ = try Self.unpack(bytes, in: folder, limits: limits)
        }
        limits = .standard
        limits.bytes = 3000
        #expect(throws: ArchiveError.limitExceeded(.bytes, allowed: 3000)) {
            _ = try Self.unpack(Self.tar([.file("a", String(repeating: "x", count: 4000))]), in: folder, limits: limits)
        }
        #expect(throws: ArchiveError.notAnArchive) { _ = try Self.unpack(Array("FROM scratch\n".utf8), in: folder) }
        #expect(throws: ArchiveError.self) { _ = try Self.unpack(Array(bytes.prefix(700)), in: folder) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    @Test func holesStayHoles() throws {
        let folder = try TemporaryFolder()
        let size = 40 << 20
        var content = [UInt8](repeating: 0, count: size)
        content[20 << 20] = 1
        let entry = TarEntry(
            path: "f",
            kind: .regular,
            attributes: FileAttributes(permissions: 0o644),
            size: UInt64(size)
        )
        let tree = try Self.unpack(Self.tar([Member(entry: entry, content: content)]), in: folder)
        let file = try tree.open("f")
        #expect(try file.status().allocatedSize < 4 << 20)
        #expect(try file.readAll(limit: size) == content)
    }

    @Test func selectionsWorkAsInAFolder() throws {
        let folder = try TemporaryFolder()
        let tree = try Self.unpack(
            Self.tar([.file("d/a.c", "1"), .file("d/b.h", "2"), .link("l", "d"), .file("x y", "3")]),
            in: folder
        )
        for (pattern, expected) in [("l/*.c", ["d/a.c"]), ("d", ["d/a.c", "d/b.h"]), ("/../x*", ["x y"])] {
            let selection = try PathSelection(patterns: [ByteString(pattern)])
                .select(from: tree, destinationIsDirectory: true)
            #expect(selection.entries.map(\.source.description) == expected)
            let hashed = try ContentHasher().hash(selection, in: tree, keepingOwners: true)
            #expect(hashed.contents.allSatisfy { $0 != nil } && hashed.unsettled.isEmpty)
        }
    }
}
