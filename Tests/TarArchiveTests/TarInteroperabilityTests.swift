import ByteStrings
import FileModel
import Foundation
import TestSupport
import Testing

@testable import TarArchive

@Suite struct TarInteroperabilityTests {
    private static let listing = """
        import sys, tarfile, hashlib
        t = tarfile.open(fileobj=sys.stdin.buffer, mode='r|*', errors='surrogateescape')
        for i in t:
            f = t.extractfile(i) if i.isreg() else None
            fields = [i.name.encode('utf8', 'surrogateescape').hex(), i.type.decode(), '%o' % i.mode, str(i.uid),
                str(i.gid), str(i.size), i.linkname.encode('utf8', 'surrogateescape').hex(), str(i.devmajor),
                str(i.devminor), str(sum(f.read()) if f else 0)]
            print(' '.join(x or '-' for x in fields))
        """

    @Test(.enabled(if: ExternalTool.exists("python3"), "python3 is not installed"))
    func pythonReadsTheSame() throws {
        let (output, status) = try ExternalTool.run(
            ExternalTool.python + [Self.listing],
            input: SampleEntries.archive()
        )
        #expect(status == 0)
        let lines = String(decoding: output, as: UTF8.self).split(separator: "\n").map(String.init)
        let expected = SampleEntries.all.map { entry, content in
            let fields = [
                Self.hex(entry.path), Self.typeflag(entry.kind), String(entry.attributes.permissions, radix: 8),
                "\(entry.attributes.owner)", "\(entry.attributes.group)", "\(entry.size)", Self.hex(entry.linkTarget),
                "\(entry.device.major)", "\(entry.device.minor)", "\(content.reduce(0) { $0 + Int($1) })",
            ]
            return fields.joined(separator: " ")
        }
        #expect(lines == expected)
    }

    @Test(.enabled(if: ExternalTool.exists("tar"), "tar is not installed"))
    func tarListsTheSameNames() throws {
        let entries = SampleEntries.all.filter { $0.entry.path != "xattrs" }
        let (output, status) = try ExternalTool.run(
            ["tar", "-t", "--quoting-style=literal", "--null", "-f", "-"],
            input: try SampleEntries.archive(entries.filter { !$0.entry.path.contains(10) })
        )
        #expect(status == 0)
        let names = output.split(separator: 10).map { ByteString($0) }
        let expected = entries.map(\.entry).filter { !$0.path.contains(10) }
            .map { $0.kind == .directory ? $0.path + "/" : $0.path }
        #expect(names == expected)
    }

    private static let writing = """
        import io, sys, tarfile
        t = tarfile.open(fileobj=sys.stdout.buffer, mode='w|', errors='surrogateescape',
            format=tarfile.PAX_FORMAT if sys.argv[1] == 'pax' else tarfile.GNU_FORMAT)
        def add(name, type=tarfile.REGTYPE, data=b'', pax=None, **more):
            i = tarfile.TarInfo(name if isinstance(name, str) else name.decode('utf8', 'surrogateescape'))
            i.type, i.size, i.pax_headers = type, len(data), pax or {}
            for key, value in more.items():
                if isinstance(value, bytes): value = value.decode('utf8', 'surrogateescape')
                setattr(i, key, value)
            t.addfile(i, io.BytesIO(data))
        add('plain', data=b'content')
        add(b'lat\\xe9\\xff')
        add('caf\\u00e9'); add('cafe\\u0301')
        add('new\\nline')
        add('n' * 300); add(b'\\xe9' + b'm' * 300); add('d/' + 'e' * 255 + '/' + 'f' * 255)
        add('soft', tarfile.SYMTYPE, linkname=b't\\xe9' + b'x' * 200)
        add('soft2', tarfile.SYMTYPE, linkname='t\\u00e9')
        add('hard', tarfile.LNKTYPE, linkname='caf\\u00e9')
        add('char', tarfile.CHRTYPE, devmajor=1, devminor=3); add('block', tarfile.BLKTYPE, devmajor=259, devminor=70000)
        add('fifo', tarfile.FIFOTYPE); add('dir', tarfile.DIRTYPE); add('./x/../y/'); add('/abs'); add('../up')
        add('uid', uid=3000000, gid=4294967294, mode=0o6755)
        add('old', mtime=-86400)
        """

    @Test(.enabled(if: ExternalTool.exists("python3"), "python3 is not installed"), arguments: ["pax", "gnu"])
    func namesOfPythonComeAsTheyAre(_ format: String) throws {
        let (bytes, status) = try ExternalTool.run(ExternalTool.python + [Self.writing, format])
        #expect(status == 0)
        let reader = try ArchiveReader(.bytes(bytes))
        var entries: [TarEntry] = []
        while let entry = try reader.next() {
            if entry.path == "plain" { #expect(try reader.readAll(limit: 100) == Array("content".utf8)) }
            entries.append(entry)
        }

        let n = UInt8(ascii: "n")
        #expect(
            entries.map(\.path) == [
                "plain", ByteString([0x6C, 0x61, 0x74, 0xE9, 0xFF]), "caf\u{E9}", "cafe\u{301}", "new\nline",
                ByteString(repeatElement(n, count: 300)), ByteString([0xE9] + [UInt8](repeating: n - 1, count: 300)),
                "d/" + ByteString(repeatElement(UInt8(ascii: "e"), count: 255)) + "/"
                    + ByteString(repeatElement(UInt8(ascii: "f"), count: 255)),
                "soft", "soft2", "hard", "char", "block", "fifo", "dir", "./x/../y", "/abs", "../up", "uid", "old",
            ]
        )
        let named = Dictionary(entries.map { ($0.path, $0) }) { $1 }
        #expect(
            named["soft"]?.linkTarget
                == ByteString([UInt8(ascii: "t"), 0xE9] + [UInt8](repeating: UInt8(ascii: "x"), count: 200))
        )
        #expect(named["soft2"]?.linkTarget == "t\u{E9}")
        #expect(named["hard"]?.linkTarget == "caf\u{E9}")
        #expect(named["hard"]?.kind == .hardLink)
        #expect(named["char"]?.device == DeviceNumber(major: 1, minor: 3))
        #expect(named["block"]?.device == DeviceNumber(major: 259, minor: 70000))
        #expect(named["block"]?.kind == .blockDevice)
        #expect(named["fifo"]?.kind == .fifo)
        #expect(named["dir"]?.kind == .directory)
        #expect(named["uid"]?.attributes.owner == 3_000_000)
        #expect(named["uid"]?.attributes.group == 4_294_967_294)
        #expect(named["uid"]?.attributes.permissions == 0o6755)
        #expect(named["old"]?.attributes.modified == Timestamp(seconds: -86400))
    }

    @Test(.enabled(if: ExternalTool.exists("python3"), "python3 is not installed"))
    func readsAttributesAndTimesOfExtendedHeaders() throws {
        let script = """
            import sys, tarfile
            t = tarfile.open(fileobj=sys.stdout.buffer, mode='w|', format=tarfile.PAX_FORMAT)
            i = tarfile.TarInfo('a'); i.mtime = 1.000000001
            i.pax_headers = {'SCHILY.xattr.user.a': '1=2', 'SCHILY.xattr.user.empty': '', 'mtime': '-12.25',
                'LIBARCHIVE.xattr.user.b%3d': 'AAEC/w'}
            t.addfile(i)
            """
        let (bytes, status) = try ExternalTool.run(ExternalTool.python + [script])
        #expect(status == 0)
        let entry = try #require(try ArchiveReader(.bytes(bytes)).next())

        #expect(entry.attributes.modified == Timestamp(seconds: -13, nanoseconds: 750_000_000))
        #expect(
            entry.attributes.extendedAttributes == [
                "user.a": Array("1=2".utf8), "user.empty": [], "user.b=": [0, 1, 2, 255],
            ]
        )
    }

    @Test(.enabled(if: ExternalTool.exists("tar"), "tar is not installed"), arguments: ["gnu", "posix"])
    func theHolesOfSparseFilesAreZeros(_ format: String) throws {
        let folder = try TemporaryFolder()
        let file = folder.url.appendingPathComponent("sparse")
        _ = FileManager.default.createFile(atPath: file.path, contents: nil)
        let handle = try FileHandle(forWritingTo: file)
        try handle.truncate(atOffset: 3 << 20)
        try handle.seek(toOffset: 1 << 20)
        try handle.write(contentsOf: Data("middle".utf8))
        try handle.close()
        let (bytes, status) = try ExternalTool.run(
            ["tar", "-S", "--format=\(format)", "-C", folder.url.path, "-cf", "-", "sparse"])
        #expect(status == 0)
        #expect(bytes.count < 1 << 20)

        let reader = try ArchiveReader(.bytes(bytes))
        let entry = try #require(try reader.next())
        #expect(entry.path == "sparse")
        #expect(entry.size == 3 << 20)
        #expect(Array(try Data(contentsOf: file)) == (try reader.readAll(limit: 4 << 20)))
        #expect(try reader.next() == nil)
    }

    @Test(.enabled(if: ExternalTool.exists("tar"), "tar is not installed"), arguments: ["v7", "ustar", "oldgnu"])
    func readsTheOldFormats(_ format: String) throws {
        let folder = try TemporaryFolder()
        try Data("x".utf8).write(to: folder.url.appendingPathComponent("file"))
        let (bytes, status) = try ExternalTool.run(
            ["tar", "--format=\(format)", "-C", folder.url.path, "-cf", "-", "file"])
        #expect(status == 0)

        #expect(try ArchiveReader(.bytes(bytes)).next()?.path == "file")
        #expect(ArchiveFormat.detect(.bytes(bytes)) == ArchiveFormat(compression: .none))
    }

    private static func hex(_ bytes: ByteString) -> String {
        bytes.isEmpty ? "-" : bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private static func typeflag(_ kind: TarEntryKind) -> String {
        switch kind {
        case .regular: "0"
        case .hardLink: "1"
        case .symbolicLink: "2"
        case .characterDevice: "3"
        case .blockDevice: "4"
        case .directory: "5"
        case .fifo: "6"
        }
    }
}
