import ByteStrings
import FileModel
import Foundation
import LinuxSystem
import Testing

@testable import BuildContexts

struct LocalContextTests {
    private static func walked(_ tree: LocalContext, _ path: ByteString = "") throws -> [String] {
        var paths: [String] = []
        try tree.walk(path) { found in
            paths.append(found.path.description)
            return .descend
        }
        return paths
    }

    @Test func `A walk visits parents first and siblings in order of bytes`() throws {
        let folder = try TemporaryFolder()
        for name in ["b/x", "b/a/y", "a", "c", "b-", "B", "é"] { try folder.write(name) }
        let tree = try folder.context()
        #expect(try Self.walked(tree) == ["B", "a", "b", "b/a", "b/a/y", "b/x", "b-", "c", "é"])
        #expect(try Self.walked(tree, "b") == ["b/a", "b/a/y", "b/x"])
        #expect(try tree.children("b").map(\.name) == ["a", "x"])
    }

    @Test func `A walk skips and stops where it is told to`() throws {
        let folder = try TemporaryFolder()
        for name in ["a/1", "b/2", "c/3"] { try folder.write(name) }
        var paths: [ByteString] = []
        try folder.context().walk("") { found in
            paths.append(found.path)
            return found.path == "a" ? .skip : found.path == "b/2" ? .stop : .descend
        }
        #expect(paths == ["a", "b", "b/2"])
    }

    @Test func `Entries say what the file is`() throws {
        let folder = try TemporaryFolder()
        try folder.write("file", "12345")
        try folder.hardLink("other", to: "file")
        try folder.link("link", to: "/etc/passwd")
        try OwnedDescriptor.openDirectory(folder.hostPath).makeNode("pipe", kind: .fifo, permissions: 0o640)
        let tree = try folder.context()
        let file = try #require(try tree.status("file"))
        #expect(file.kind == .regular && file.size == 5 && file.linkCount == 2)
        #expect(try tree.status("other")?.fileID == file.fileID)
        #expect(try tree.status("link")?.kind == .symbolicLink)
        #expect(try tree.readLink("link") == "/etc/passwd")
        #expect(try tree.status("pipe")?.kind == .fifo)
        #expect(try tree.status("")?.kind == .directory)
        #expect(try tree.status("nowhere") == nil)
        #expect(try tree.status("file/x") == nil)
    }

    @Test func `Nothing but regular files is opened`() throws {
        let folder = try TemporaryFolder()
        try OwnedDescriptor.openDirectory(folder.hostPath).makeNode("pipe", kind: .fifo, permissions: 0o640)
        try folder.link("link", to: "file")
        try folder.write("file")
        let tree = try folder.context()
        #expect(throws: ContextError.notRegularFile("pipe")) { _ = try tree.open("pipe").rawValue }
        #expect(throws: ContextError.notRegularFile("")) { _ = try tree.open("").rawValue }
        #expect(throws: ContextError.notFound(path: "link", nearest: nil, hiddenBy: nil)) {
            _ = try tree.open("link").rawValue
        }
    }

    /// Links that would lead out of the folder, and the name below them to try.
    @Test(arguments: [
        "/etc/passwd", "/etc", "../outside", "..", "../..", "../../../../../../../etc/passwd", "/", "dir/../../outside",
        "/proc/self/root/etc/passwd", "/proc/self/cwd", "/dev/fd/0",
    ])
    func `No link leads out of the folder`(target: String) throws {
        let folder = try TemporaryFolder()
        try folder.write("outside/secret", "secret")
        try folder.makeFolder("context/dir")
        try folder.write("context/inside", "inside")
        try folder.link("context/link", to: target)
        try folder.link("context/chain", to: "link")
        let tree = try LocalContext(hostPath: folder.hostPath.appendingPath("context"))
        for name: ByteString in ["link", "chain"] {
            for rest: ByteString in ["", "/passwd", "/secret", "/outside/secret", "/etc/passwd", "/../outside/secret"] {
                // The kernel never follows a link, and our own following ends at the folder.
                #expect(rest.isEmpty || (try? tree.status(name + rest)) == .some(nil) || rest.hasPrefix("/.."))
                #expect(throws: (any Error).self) { _ = try tree.open(name + rest).rawValue }
                if let resolved = try tree.resolve(name + rest) {
                    #expect(["", "dir", "inside", "link", "chain"].contains(resolved))
                }
                for parents in [false, true] {
                    let paths = PathSelection(patterns: [name + rest, name + "*" + rest], parents: parents)
                    let selection = try? paths.select(from: tree, destinationIsDirectory: true)
                    let sources = (selection?.entries ?? []).map(\.source)
                    #expect(sources.allSatisfy { ["dir", "inside", "link", "chain"].contains($0) })
                }
            }
        }
    }

    @Test func `Dots that lead out are refused`() throws {
        let folder = try TemporaryFolder()
        try folder.write("outside", "secret")
        try folder.makeFolder("context/dir")
        let tree = try LocalContext(hostPath: folder.hostPath.appendingPath("context"))
        for path: ByteString in ["../outside", "dir/../../outside"] {
            #expect(throws: (any Error).self) { _ = try tree.open(path).rawValue }
            #expect(try tree.resolve(path) == nil)
        }
        #expect(try tree.resolve("../../dir") == "dir")
    }

    @Test func `Ignored files are not there`() throws {
        let folder = try TemporaryFolder()
        try folder.write("secret", "x")
        try folder.write("dir/secret", "x")
        try folder.write("dir/kept", "x")
        try folder.link("link", to: "secret")
        let tree = try folder.context(ignoring: "**/secret\n")
        #expect(try Self.walked(tree) == ["dir", "dir/kept", "link"])
        #expect(try tree.status("secret") == nil)
        #expect(try tree.resolve("link") == nil)
        #expect(throws: (any Error).self) { _ = try tree.open("dir/secret").rawValue }
        let rule = IgnoreRule(file: ".dockerignore", line: 1, text: "**/secret")
        #expect(try tree.ruleHiding("dir/secret") == rule)
        #expect(try tree.ruleHiding("other/secret") == nil)
        for (pattern, missing): (ByteString, ByteString) in [("secret", "secret"), ("link", "link"), ("l*", "link")] {
            #expect(throws: ContextError.notFound(path: missing, nearest: nil, hiddenBy: rule)) {
                try PathSelection(patterns: [pattern]).select(from: tree, destinationIsDirectory: true)
            }
        }
        let error = ContextError.notFound(path: "secret", nearest: nil, hiddenBy: rule)
        #expect("\(error)" == "`secret` was not found: line 1 of `.dockerignore` ignores it (`**/secret`)")
    }

    @Test(arguments: [
        ("*\n!d/s\n", ["d", "d/s", "d/s/1", "d/s/t", "d/s/t/2"]),
        ("d\n!d/s/t\n", ["d", "d/s", "d/s/t", "d/s/t/2", "e", "e/4", "f"]),
        ("d/**\n!d/**/2\n", ["d", "d/s", "d/s/t", "d/s/t/2", "e", "e/4", "f"]),
        ("*\n!nothing\n", []),
        ("*\n!*/nothing\n", []),
        ("*\n!**/2\n", ["d", "d/s", "d/s/t", "d/s/t/2"]),
        ("*\n!f\n", ["f"]),
    ])
    func `A directory is there when something below it is not ignored`(lines: String, expected: [String]) throws {
        let folder = try TemporaryFolder()
        for name in ["d/s/1", "d/s/t/2", "d/3", "e/4", "f"] { try folder.write(name) }
        let tree = try folder.context(ignoring: lines)
        #expect(try Self.walked(tree) == expected)
        for path in ["d", "d/s", "d/s/1", "d/s/t", "d/s/t/2", "d/3", "e", "e/4", "f"] {
            #expect((try tree.status(ByteString(path)) != nil) == expected.contains(path), "\(path)")
        }
        let top = expected.filter { !$0.contains("/") }
        #expect(try tree.children("").map(\.name.description) == top)
        // A visitor that skips the directory sees nothing of it.
        var seen: [String] = []
        try tree.walk("") { found in
            seen.append(found.path.description)
            return .skip
        }
        #expect(seen == top)
    }

    @Test(.enabled(if: Host.effectiveUserID != 0, "root may read everything"))
    func `An ignored directory is not read`() throws {
        let folder = try TemporaryFolder()
        try folder.write("closed/x")
        try folder.write("open")
        let root = try OwnedDescriptor.openDirectory(folder.hostPath)
        try root.setPermissions(0, of: "closed")
        #expect(try Self.walked(try folder.context(ignoring: "closed")) == ["open"])
        #expect(throws: (any Error).self) { try Self.walked(try folder.context()) }
        try root.setPermissions(0o755, of: "closed")
    }

    @Test func `Deep trees need few descriptors`() throws {
        let folder = try TemporaryFolder()
        let deep = Array(repeating: "d", count: 1500).joined(separator: "/")
        try folder.write(deep + "/file")
        let tree = try folder.context()
        #expect(try Self.walked(tree).count == 1501)
    }

    @Test func `Names are bytes`() throws {
        let folder = try TemporaryFolder()
        let name = ByteString([0x63, 0xE9, 0xFF] as [UInt8])
        let root = try OwnedDescriptor.openDirectory(folder.hostPath)
        try root.openChild(name, [.writeOnly, .create], permissions: 0o644).close()
        let tree = try folder.context()
        #expect(try tree.children("").map(\.name) == [name])
        #expect(try tree.status(name) != nil)
    }

    @Test func `The ignore file of the Dockerfile wins`() throws {
        let folder = try TemporaryFolder()
        try folder.write("context/.dockerignore", "general")
        try folder.write("build/my.Dockerfile.dockerignore", "special")
        try folder.write("build/empty.dockerignore", "")
        let context = folder.hostPath.appendingPath("context")
        func pattern(_ dockerfile: String?) throws -> (ByteString, String)? {
            let dockerfile = dockerfile.map { folder.hostPath + ByteString("/build/" + $0) }
            return try IgnoreFile.find(context: context, dockerfile: dockerfile).map { file in
                (file.name, file.matcher.patterns.compactMap { $0.rule?.text.description }.joined())
            }
        }
        #expect(try #require(try pattern("my.Dockerfile")) == ("my.Dockerfile.dockerignore", "special"))
        #expect(try #require(try pattern("empty")) == ("empty.dockerignore", ""))
        #expect(try #require(try pattern("other")) == (".dockerignore", "general"))
        #expect(try #require(try pattern(nil)) == (".dockerignore", "general"))
        #expect(try IgnoreFile.find(context: folder.hostPath, dockerfile: nil) == nil)
    }

    @Test func `An ignore file that cannot be used is an error`() throws {
        let folder = try TemporaryFolder()
        func find() throws { _ = try IgnoreFile.find(context: folder.hostPath, dockerfile: nil) }
        try folder.link(".dockerignore", to: "/etc/passwd")
        #expect(throws: ContextError.ignoreFileUnreadable(".dockerignore")) { try find() }
        try folder.remove(".dockerignore")
        try folder.makeFolder(".dockerignore")
        #expect(throws: ContextError.ignoreFileUnreadable(".dockerignore")) { try find() }
        try folder.remove(".dockerignore")
        try folder.write(".dockerignore", String(repeating: "#", count: IgnoreFile.sizeLimit + 1))
        #expect(throws: ContextError.ignoreFileTooLarge(".dockerignore", limit: IgnoreFile.sizeLimit)) { try find() }
        try folder.remove(".dockerignore")
        try folder.link(".dockerignore", to: "/rules")
        try folder.write("rules", "x")
        try find()
    }
}
