import BuildContexts
import ByteStrings
import FileModel
import LayerSnapshots
import LinuxSystem
import TarArchive
import Testing

@Suite(.enabled(if: Privileges.canMount, "needs root for owners and overlay mounts"))
struct UnpackTests {
    private static func unpack(
        over image: CopyPackerTests.Image,
        to destination: ByteString = "/x",
        _ build: (inout RawTar) -> Void
    ) throws {
        var tar = RawTar()
        build(&tar)
        try image.add {
            let archive = try ArchiveReader(.bytes(tar.finished))
            try $0.unpack(archive, to: destination, options: CopyOptions(epoch: Timestamp(seconds: 77)))
        }
    }

    private static func write(_ text: String, _ path: ByteString, in image: CopyPackerTests.Image) throws {
        try image.add {
            try $0.write(
                Array(text.utf8),
                named: "f",
                permissions: 0o644,
                to: path,
                options: CopyOptions(epoch: .epoch)
            )
        }
    }

    @Test func membersStayInsideTheDestination() throws {
        let image = try CopyPackerTests.Image()
        try Self.unpack(over: image, to: "/x/y") { tar in
            tar.add("../../up", content: "1")
            tar.add("/abs", content: "2")
            tar.add("l", type: "2", link: "/d")
            tar.add("d/", type: "5", mode: 0o500)
            tar.add("l/f", content: "3")
            tar.add("a/b/c", content: "4")
            tar.add("h", type: "1", link: "up")
            tar.add("./", type: "5", mode: 0o700)
        }
        #expect(
            try image.listing() == [
                "x/ 755", "x/y/ 755", "x/y/a/ 755", "x/y/a/b/ 755", "x/y/a/b/c 644 4", "x/y/abs 644 2", "x/y/d/ 500",
                "x/y/d/f 644 3", "x/y/h 644 1", "x/y/l -> /d", "x/y/up 644 1",
            ]
        )
        #expect(try image.view().status("x/y/up")?.linkCount == 2)
        #expect(try image.view().status("x/y/up")?.modified == Timestamp(seconds: 5))
    }

    @Test func theArchiveReplacesWhatIsThere() throws {
        let image = try CopyPackerTests.Image()
        try Self.write("old", "/x/clash/deep/f", in: image)
        try Self.write("old", "/x/file", in: image)
        try Self.write("old", "/x/again/f", in: image)
        try Self.write("old", "/x/merged/f", in: image)
        try Self.unpack(over: image) { tar in
            tar.add("clash", content: "new")
            tar.add("file/", type: "5", mode: 0o755)
            tar.add("file/y", content: "new")
            tar.add("again", content: "between")
            tar.add("again/", type: "5", mode: 0o711)
            tar.add("merged/", type: "5", mode: 0o700)
            tar.add("merged/new", content: "1")
            tar.add("merged/new", content: "last")
        }
        #expect(
            try image.listing() == [
                "x/ 755", "x/again/ 711", "x/clash 644 new", "x/file/ 755", "x/file/y 644 new", "x/merged/ 700",
                "x/merged/f 644 old", "x/merged/new 644 last",
            ]
        )
    }

    @Test func wrongArchivesAreErrors() throws {
        let image = try CopyPackerTests.Image()
        try Self.write("f", "/file", in: image)
        #expect(throws: LayerError.notDirectory("/file")) { try Self.unpack(over: image, to: "/file") { $0.add("a") } }
        #expect(throws: LayerError.notFound("/x/nowhere")) {
            try Self.unpack(over: image) { tar in
                tar.add("l", type: "2", link: "/nowhere")
                tar.add("l/f", content: "1")
            }
        }
        #expect(throws: LayerError.reservedName("d/.wh.x")) { try Self.unpack(over: image) { $0.add("d/.wh.x") } }
        #expect(throws: LayerError.forgedWhiteout("c")) { try Self.unpack(over: image) { $0.add("c", type: "3") } }
        #expect(throws: LayerError.missingLinkTarget("h", target: "no")) {
            try Self.unpack(over: image) { $0.add("h", type: "1", link: "no") }
        }
    }
}
