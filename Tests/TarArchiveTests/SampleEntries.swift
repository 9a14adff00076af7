import ByteStrings
import FileModel

@testable import TarArchive

/// Entries that use every part of the format, with the content of each.
enum SampleEntries {
    static func file(_ path: ByteString, _ content: [UInt8] = [], _ change: (inout TarEntry) -> Void = { _ in }) -> (
        TarEntry, [UInt8]
    ) {
        var entry = TarEntry(
            path: path,
            kind: .regular,
            attributes: FileAttributes(permissions: 0o644),
            size: UInt64(content.count)
        )
        change(&entry)
        return (entry, content)
    }

    static func other(
        _ path: ByteString,
        _ kind: TarEntryKind,
        _ link: ByteString = "",
        device: DeviceNumber = DeviceNumber(major: 0, minor: 0)
    ) -> (TarEntry, [UInt8]) {
        let attributes = FileAttributes(permissions: kind == .directory ? 0o755 : 0o777)
        return (TarEntry(path: path, kind: kind, attributes: attributes, linkTarget: link, device: device), [])
    }

    static let long = ByteString(repeatElement(UInt8(ascii: "n"), count: 255))
    static let notUTF8: ByteString = ByteString([0x6C, 0xE9, 0xFF])

    static let all: [(entry: TarEntry, content: [UInt8])] = [
        other("dir", .directory),
        file("dir/hello", Array("hello\n".utf8)),
        file("exact", [UInt8](repeating: 7, count: 512)),
        file("big", [UInt8](repeating: 8, count: 70000)),
        other("hard", .hardLink, "dir/hello"),
        other("soft", .symbolicLink, "../../outside"),
        other("dir/longlink", .symbolicLink, ByteString(repeatElement(UInt8(ascii: "t"), count: 300))),
        other("dir/badlink", .symbolicLink, ByteString(notUTF8.bytes + long.bytes)),
        other("null", .characterDevice, device: DeviceNumber(major: 1, minor: 3)),
        other("disk", .blockDevice, device: DeviceNumber(major: 4095, minor: 1_048_575)),
        other("pipe", .fifo),
        file(notUTF8),
        file("new\nline"),
        file("caf\u{E9}"),
        file("cafe\u{301}"),
        file("-dash"),
        file(long),
        file("dir/" + long + "/" + long),
        file(ByteString(long.bytes + notUTF8.bytes)),
        file(ByteString(repeatElement(UInt8(ascii: "a"), count: 100))),
        file(ByteString(repeatElement(UInt8(ascii: "a"), count: 101))),
        other(ByteString(repeatElement(UInt8(ascii: "d"), count: 100)), .directory),
        file(ByteString(repeatElement(UInt8(ascii: "p"), count: 155)) + "/" + ByteString(long.bytes.prefix(100))),
        file(ByteString(repeatElement(UInt8(ascii: "p"), count: 156)) + "/" + ByteString(long.bytes.prefix(99))),
        file("owned") {
            $0.attributes.owner = 2_097_152
            $0.attributes.group = 4_294_967_294
        },
        file("owned7") {
            $0.attributes.owner = 2_097_151
            $0.attributes.group = 2_097_151
        },
        file("setuid") { $0.attributes.permissions = 0o7755 },
        file("nanoseconds") { $0.attributes.modified = Timestamp(seconds: 1_700_000_000, nanoseconds: 120_000_001) },
        file("whole") { $0.attributes.modified = Timestamp(seconds: 1_700_000_000) },
        file("negative") { $0.attributes.modified = Timestamp(seconds: -2_000_000_000) },
        file("negative-half") { $0.attributes.modified = Timestamp(seconds: -2, nanoseconds: 500_000_000) },
        file("far") { $0.attributes.modified = Timestamp(seconds: 8_589_934_592) },
        file("xattrs") {
            $0.attributes.extendedAttributes = [
                "user.a": Array("1=2\n".utf8), "security.capability": [1, 0, 0, 2, 0, 255, 10], "user.empty": [],
                "user.long": [UInt8](repeating: 0, count: 65536),
            ]
        },
    ]

    /// The whole archive.
    static func archive(_ entries: [(entry: TarEntry, content: [UInt8])] = all) throws -> [UInt8] {
        var writer = TarWriter(MemorySink())
        for (entry, content) in entries {
            try writer.append(entry)
            if entry.kind == .regular { try writer.write(content: content) }
        }
        try writer.finish()
        return writer.sink.bytes
    }

    /// A file whose bytes look like those of programs: repetitive, but not too much.
    static func content(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
        var state = seed
        return (0..<count).map { index in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return index % 64 < 40 ? UInt8(truncatingIfNeeded: index / 64) : UInt8(truncatingIfNeeded: state >> 59)
        }
    }

    /// A number that stands for bytes in a recorded result: FNV-1a, 64 bits.
    static func fingerprint(_ bytes: [UInt8]) -> UInt64 {
        bytes.reduce(14_695_981_039_346_656_037) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
    }
}

extension ByteString {
    static func + (left: ByteString, right: ByteString) -> ByteString {
        ByteString(left.bytes + right.bytes)
    }
}
