import ByteStrings
import ContentStorage
import FileModel
import Foundation
import ImageExport
import OCIModel
import TarArchive
import Testing

@Suite struct RootFSImporterTests {
    private func load(_ name: String, _ fixture: ImageFixture) throws -> AssembledImage {
        let file = try FileHandle(forReadingFrom: fixture.url(name))
        defer { withExtendedLifetime(file) {} }
        var configuration = ContainerConfiguration()
        configuration.cmd = ["/bin/sh"]
        return try RootFSImporter(blobs: fixture.blobs, session: fixture.session)
            .load(from: file.fileDescriptor, configuration: configuration, platform: amd64)
    }

    private func makeTree(_ fixture: ImageFixture) throws {
        let manager = FileManager.default
        try manager.createDirectory(at: fixture.url("root/bin"), withIntermediateDirectories: true)
        try Data("#!".utf8).write(to: fixture.url("root/bin/sh"))
        try manager.linkItem(at: fixture.url("root/bin/sh"), to: fixture.url("root/bin/shell"))
        try manager.createSymbolicLink(atPath: fixture.url("root/sbin").path, withDestinationPath: "/bin")
        try fixture.run(["find", "root", "-exec", "touch", "-h", "-d", "@1500000000", "{}", "+"])
        try fixture.run(["touch", "-d", "@1600000000", "root/bin/sh"])
    }

    @Test func theSameFilesGiveTheSameImageWhateverTheFormat() throws {
        let fixture = try ImageFixture()
        try makeTree(fixture)
        let common = ["--sort=name", "--owner=0", "--group=0", "-C", "root", "."]
        for (name, options) in [
            ("gnu.tar", ["--format=gnu", "-cf"]),
            ("pax.tar", ["--format=pax", "--pax-option=delete=atime,delete=ctime", "-cf"]),
            ("ustar.tar.gz", ["--format=ustar", "-czf"]), ("gnu.tar.xz", ["--format=gnu", "-cJf"]),
        ] {
            let made = try fixture.run(["tar"] + options + [name] + common)
            #expect(made.status == 0, "\(made.output)")
        }
        let image = try load("gnu.tar", fixture)
        for name in ["pax.tar", "ustar.tar.gz", "gnu.tar.xz"] { #expect(try load(name, fixture) == image, "\(name)") }
        #expect(image.configuration.created == "2020-09-13T12:26:40Z")
        #expect(image.configuration.config.cmd == ["/bin/sh"])
        #expect(image.configuration.platform == amd64)
        #expect(image.configuration.history.count == 1)

        let archive = try ArchiveReader(.bytes(fixture.blobs.readAll(image.document.layers[0].digest)))
        var found: [String] = []
        while let entry = try archive.next() { found.append("\(entry.kind) \(entry.path) \(entry.linkTarget)") }
        #expect(
            found == ["directory bin ", "regular bin/sh ", "hardLink bin/shell bin/sh", "symbolicLink sbin /bin"]
        )
    }

    @Test(arguments: [".wh.gone", "dir/.wh..wh..opq", ".wh.dir/file"])
    func namesThatMeanDeletionsAreRefused(name: String) throws {
        let fixture = try ImageFixture()
        _ = try fixture.archive([("ok", []), (ByteString(name), [])], to: "a.tar")
        #expect(throws: ExportError.reservedName(ByteString(name))) { try load("a.tar", fixture) }
        #expect(try fixture.blobs.list().isEmpty)
    }

    @Test func namesThatLeadOutsideAreRefused() throws {
        let fixture = try ImageFixture()
        try Data().write(to: fixture.url("x"))
        try fixture.run(["tar", "-P", "-cf", "a.tar", "--transform", "s#^x$#a/../../x#", "x"])
        #expect(throws: ExportError.hostileName("a/../../x")) { try load("a.tar", fixture) }
    }

    @Test func anEmptyArchiveIsNoImage() throws {
        let fixture = try ImageFixture()
        _ = try fixture.archive([], to: "a.tar")
        #expect(throws: ExportError.emptyArchive) { try load("a.tar", fixture) }
    }
}
