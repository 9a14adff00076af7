import BuildContexts
import ByteStrings
import FileModel
import Foundation
import ImageExport
import LinuxSystem
import TarArchive
import Testing

@Suite struct TreeExportTests {
    private func makeTree(_ fixture: ImageFixture) throws -> LocalContext {
        let manager = FileManager.default
        try manager.createDirectory(at: fixture.url("root/etc/empty"), withIntermediateDirectories: true)
        try Data("hello".utf8).write(to: fixture.url("root/etc/motd"))
        try manager.linkItem(at: fixture.url("root/etc/motd"), to: fixture.url("root/issue"))
        try manager.createSymbolicLink(atPath: fixture.url("root/link").path, withDestinationPath: "/nowhere/at/all")
        try Data(repeating: 7, count: 3_000_000).write(to: fixture.url("root/large"))
        try manager.setAttributes([.posixPermissions: 0o4755], ofItemAtPath: fixture.url("root/large").path)
        try manager.setAttributes([.posixPermissions: 0o555], ofItemAtPath: fixture.url("root/etc").path)
        try fixture.run(["mkfifo", "root/pipe"])
        try fixture.run(["find", "root", "-exec", "touch", "-h", "-d", "@1500000000.25", "{}", "+"])
        return try LocalContext(hostPath: fixture.path("root"))
    }

    /// What `find` says of every file below: type, mode, links, size, time, target.
    private func listing(_ name: String, _ fixture: ImageFixture) throws -> [String] {
        try fixture.run(["find", name, "-mindepth", "1", "-printf", "%P %y %m %n %T@ %l\n"])
            .output.split(separator: "\n").map(String.init).sorted()
    }

    @Test func aFolderGetsTheSameFiles() throws {
        let fixture = try ImageFixture()
        let tree = try makeTree(fixture)
        let report = try FolderExporter.write(tree, to: fixture.path("out"))
        #expect(report.files == 7)
        #expect(try listing("out", fixture) == listing("root", fixture))
        #expect(try fixture.run(["diff", "-r", "root/etc", "out/etc"]).status == 0)
        #expect(try Data(contentsOf: fixture.url("out/large")) == Data(repeating: 7, count: 3_000_000))
        // Once more over what is there.
        _ = try FolderExporter.write(tree, to: fixture.path("out"))
        #expect(try listing("out", fixture) == listing("root", fixture))
    }

    @Test func noTimeIsLaterThanAsked() throws {
        let fixture = try ImageFixture()
        let tree = try makeTree(fixture)
        let latest = Timestamp(seconds: 1_000_000_000)
        _ = try FolderExporter.write(tree, to: fixture.path("out"), latest: latest)
        let times = try fixture.run(["find", "out", "-mindepth", "1", "-printf", "%T@\n"]).output.split(separator: "\n")
        #expect(Set(times) == ["1000000000.0000000000"])
        var archive = MemorySink()
        try TreeArchiveExporter.write(tree, latest: latest, to: ClosureSink { archive.write($0) })
        let reader = try ArchiveReader(.bytes(archive.bytes))
        while let entry = try reader.next() { #expect(entry.attributes.modified == latest) }
    }

    @Test func linksInTheFolderAreReplacedAndNotFollowed() throws {
        let fixture = try ImageFixture()
        let tree = try makeTree(fixture)
        let manager = FileManager.default
        try manager.createDirectory(at: fixture.url("outside"), withIntermediateDirectories: true)
        try Data("mine".utf8).write(to: fixture.url("outside/motd"))
        try Data("mine".utf8).write(to: fixture.url("victim"))
        try manager.createDirectory(at: fixture.url("out"), withIntermediateDirectories: true)
        try manager.createSymbolicLink(at: fixture.url("out/etc"), withDestinationURL: fixture.url("outside"))
        try manager.createSymbolicLink(at: fixture.url("out/issue"), withDestinationURL: fixture.url("victim"))
        try manager.createDirectory(at: fixture.url("out/large/inner"), withIntermediateDirectories: true)
        try Data("kept".utf8).write(to: fixture.url("out/other"))
        _ = try FolderExporter.write(tree, to: fixture.path("out"))
        #expect(try manager.contentsOfDirectory(atPath: fixture.url("outside").path) == ["motd"])
        #expect(try Data(contentsOf: fixture.url("outside/motd")) == Data("mine".utf8))
        #expect(try Data(contentsOf: fixture.url("victim")) == Data("mine".utf8))
        #expect(try Data(contentsOf: fixture.url("out/other")) == Data("kept".utf8))
        #expect(try Data(contentsOf: fixture.url("out/etc/motd")) == Data("hello".utf8))
        #expect(try Data(contentsOf: fixture.url("out/large")).count == 3_000_000)
    }

    @Test func aTreeMayBeDeeperThanPathsAreLong() throws {
        let fixture = try ImageFixture()
        // A shell builds it step by step, for the path is longer than the kernel takes.
        let script = """
            mkdir root && cd root && i=0 && name=$(printf 'n%.0s' {1..100})
            while [ $i -lt 80 ]; do mkdir $name && cd -P $name && i=$((i+1)); done
            echo deep > file && touch -d @1500000000 file .
            """
        #expect(try fixture.run(["bash", "-c", script]).status == 0)
        let tree = try LocalContext(hostPath: fixture.path("root"))
        let report = try FolderExporter.write(tree, to: fixture.path("out"))
        #expect(report.files == 81)
        let times = ["find", ".", "-mindepth", "80", "-printf", "%f %T@\n"]
        let found = try fixture.run(["env", "--chdir=out"] + times).output
        #expect(found.split(separator: "\n").count == 2)
        #expect(try found == fixture.run(["env", "--chdir=root"] + times).output)
    }

    @Test func aTarHoldsTheSameFilesAndIsTheSameEveryTime() throws {
        let fixture = try ImageFixture()
        let tree = try makeTree(fixture)
        for name in ["one.tar", "two.tar"] {
            try OutputFile.write(to: fixture.path(name)) { try TreeArchiveExporter.write(tree, to: $0) }
        }
        #expect(try Data(contentsOf: fixture.url("one.tar")) == Data(contentsOf: fixture.url("two.tar")))
        try FileManager.default.createDirectory(at: fixture.url("out"), withIntermediateDirectories: true)
        let unpacked = try fixture.run(["tar", "-xpf", "one.tar", "-C", "out"])
        #expect(unpacked.status == 0, "\(unpacked.output)")
        #expect(try listing("out", fixture) == listing("root", fixture))
    }

    @Test func outputGoesToPipesAndDevices() throws {
        let fixture = try ImageFixture()
        try OutputFile.write(to: "/dev/null") { try $0.write([1, 2, 3]) }
        try Data("old".utf8).write(to: fixture.url("file"))
        struct Failure: Error {}
        #expect(throws: Failure.self) {
            try OutputFile.write(to: fixture.path("file")) { sink in
                try sink.write([UInt8](repeating: 0, count: 1_000_000))
                throw Failure()
            }
        }
        #expect(try Data(contentsOf: fixture.url("file")) == Data("old".utf8))
        try OutputFile.write(to: fixture.path("file")) { try $0.write(Array("new".utf8)) }
        #expect(try Data(contentsOf: fixture.url("file")) == Data("new".utf8))
        #expect(throws: SystemError.self) { try OutputFile.write(to: fixture.path("no/such/folder")) { _ in } }
    }
}
