import ByteStrings
import ContentStorage
import Foundation
import LinuxSystem
import OCIModel
import Testing

@Suite struct BlobStoreTests {
    private static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    @Test(arguments: [0, 1, 511, 262_143, 262_144, 262_145, 1_048_577, 3_000_000])
    func whatIsWrittenIsReadBack(size: Int) throws {
        let temporary = try TemporaryState()
        let session = try temporary.state.makeSession()
        let blobs = temporary.state.blobs
        let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 8) }
        let writer = try blobs.writer(in: session)
        var rest = bytes[...]
        for step in [1, 511, 300_000, 7, 1_000_000] {
            try writer.write(Array(rest.prefix(step)))
            rest = rest.dropFirst(step)
        }
        try writer.write(Array(rest))
        let stored = try writer.commit()
        #expect(stored == StoredBlob(digest: .sha256(of: bytes), size: UInt64(size)))
        #expect(try blobs.readAll(stored.digest) == bytes)
        var copied: [UInt8] = []
        try blobs.copy(stored.digest, size: stored.size) { copied += Array($0) }
        #expect(copied == bytes)
        #expect(try blobs.list() == [stored])
        #expect(try temporary.names(in: "oci/blobs/sha256") == [stored.digest.hex])
    }

    @Test func nothingIsSeenBeforeItIsPublished() throws {
        let temporary = try TemporaryState()
        let session = try temporary.state.makeSession()
        let blobs = temporary.state.blobs
        let digest = Digest.sha256(of: Self.bytes("early"))
        let writer = try blobs.writer(in: session)
        try writer.write(Self.bytes("early"))
        let staged = try writer.stage()
        #expect(staged.digest == digest)
        #expect(try !blobs.contains(digest))
        #expect(throws: StorageError.missingBlob(digest)) { _ = try blobs.open(digest) }
        #expect(try staged.openForReading().readAll(limit: 10) == Self.bytes("early"))
        try blobs.publish([staged])
        #expect(try blobs.contains(digest))
    }

    @Test func whatIsDroppedLeavesNothing() throws {
        let temporary = try TemporaryState()
        let session = try temporary.state.makeSession()
        do {
            let writer = try temporary.state.blobs.writer(in: session)
            try writer.write(Self.bytes("half"))
            _ = try temporary.state.blobs.stage(Self.bytes("staged"), in: session)
        }
        #expect(try temporary.names(in: "tmp/\(session.id)") == ["lock"])
        #expect(try temporary.state.blobs.list().isEmpty)
    }

    @Test func severalArePublishedAtOnce() throws {
        let temporary = try TemporaryState()
        let session = try temporary.state.makeSession()
        let blobs = temporary.state.blobs
        let staged = try ["a", "b", "a", "c"].map { try blobs.stage(Self.bytes($0), in: session) }
        try blobs.publish(staged)
        #expect(Set(try blobs.list().map(\.digest)) == Set(staged.map(\.digest)))
        #expect(try blobs.list().count == 3)
    }

    @Test func twoSessionsWritingTheSameBytesAgree() throws {
        let temporary = try TemporaryState()
        let (first, second) = (try temporary.state.makeSession(), try temporary.state.makeSession())
        let other = try StateDirectory.open(temporary.root)
        let (one, two) = (
            try temporary.state.blobs.stage(Self.bytes("same"), in: first),
            try other.blobs.stage(Self.bytes("same"), in: second)
        )
        try temporary.state.blobs.publish([one])
        try other.blobs.publish([two])
        #expect(try other.blobs.list() == [one.stored])
        #expect(try other.blobs.verify().isEmpty)
    }

    @Test func unexpectedBytesAreRefused() throws {
        let temporary = try TemporaryState()
        let session = try temporary.state.makeSession()
        let blobs = temporary.state.blobs
        let (wanted, got) = (Digest.sha256(of: Self.bytes("wanted")), Digest.sha256(of: Self.bytes("gotten")))
        let changed = try blobs.writer(in: session)
        try changed.write(Self.bytes("gotten"))
        #expect(throws: StorageError.wrongDigest(expected: wanted, actual: got)) {
            try changed.commit(expecting: wanted, size: 6)
        }
        let short = try blobs.writer(in: session)
        try short.write(Self.bytes("wanted"))
        #expect(throws: StorageError.wrongSize(wanted, expected: 7, actual: 6)) {
            try short.commit(expecting: wanted, size: 7)
        }
        let long = try blobs.writer(in: session, limit: 5)
        #expect(throws: StorageError.tooLarge(limit: 5)) { try long.write(Self.bytes("wanted")) }
        #expect(try blobs.list().isEmpty)
    }

    @Test func aTruncatedBlobIsReplacedByAWholeOne() throws {
        let temporary = try TemporaryState()
        let session = try temporary.state.makeSession()
        let blobs = temporary.state.blobs
        let stored = try blobs.put(Self.bytes("whole"), in: session)
        let file = temporary.url("oci/blobs/sha256/\(stored.digest.hex)")
        try Data("who".utf8).write(to: file)
        #expect(throws: StorageError.wrongSize(stored.digest, expected: 5, actual: 3)) {
            _ = try blobs.open(stored.digest, size: 5)
        }
        try blobs.publish([blobs.stage(Self.bytes("whole"), in: session)])
        #expect(try blobs.readAll(stored.digest) == Self.bytes("whole"))
    }

    @Test func aFlippedBitNeverPassesForTheBlob() throws {
        let temporary = try TemporaryState()
        let session = try temporary.state.makeSession()
        let blobs = temporary.state.blobs
        let stored = try blobs.put(Self.bytes("sound"), in: session)
        try Data("soun\u{65}".utf8).write(to: temporary.url("oci/blobs/sha256/\(stored.digest.hex)"))
        let actual = Digest.sha256(of: Self.bytes("soune"))
        let expected = StorageError.wrongDigest(expected: stored.digest, actual: actual)
        #expect(throws: expected) { try blobs.readAll(stored.digest) }
        #expect(throws: expected) { try blobs.copy(stored.digest) { _ in } }
        #expect(try blobs.verify() == [.changed(stored.digest, actual: actual)])
    }

    @Test func verifyingNamesWhatDoesNotBelong() throws {
        let temporary = try TemporaryState()
        let session = try temporary.state.makeSession()
        let good = try temporary.state.blobs.put(Self.bytes("good"), in: session)
        try Data().write(to: temporary.url("oci/blobs/sha256/notes.txt"))
        let link = String(repeating: "a", count: 64)
        try FileManager.default.createSymbolicLink(
            atPath: temporary.url("oci/blobs/sha256/\(link)").path,
            withDestinationPath: "/etc/passwd"
        )
        #expect(try temporary.state.blobs.verify() == [.foreign(ByteString(link)), .foreign("notes.txt")])
        #expect(try temporary.state.blobs.list() == [good])
        #expect(throws: StorageError.self) { _ = try temporary.state.blobs.open(Digest("sha256:\(link)")) }
    }

    @Test func removingIsFinalAndRepeatable() throws {
        let temporary = try TemporaryState()
        let session = try temporary.state.makeSession()
        let stored = try temporary.state.blobs.put(Self.bytes("gone"), in: session)
        try temporary.state.blobs.remove(stored.digest)
        try temporary.state.blobs.remove(stored.digest)
        #expect(try !temporary.state.blobs.contains(stored.digest))
    }

    @Test func largeDocumentsAreNotRead() throws {
        let temporary = try TemporaryState()
        let session = try temporary.state.makeSession()
        let stored = try temporary.state.blobs.put(Self.bytes("longer"), in: session)
        #expect(throws: StorageError.tooLarge(limit: 5)) {
            try temporary.state.blobs.readAll(stored.digest, limit: 5)
        }
    }

    @Test func otherAlgorithmsAreRefused() throws {
        let temporary = try TemporaryState()
        let digest = try Digest("sha512:" + String(repeating: "0", count: 128))
        #expect(throws: StorageError.unsupportedAlgorithm(digest)) { try temporary.state.blobs.contains(digest) }
        #expect(throws: StorageError.unsupportedAlgorithm(digest)) { _ = try temporary.state.blobs.open(digest) }
    }

    @Test func finishedBlobsAreNotWritableByAccident() throws {
        let temporary = try TemporaryState()
        let session = try temporary.state.makeSession()
        let stored = try temporary.state.blobs.put(Self.bytes("fixed"), in: session)
        let permissions = try #require(try temporary.permissions(of: "oci/blobs/sha256/\(stored.digest.hex)"))
        #expect(permissions & 0o222 == 0)
    }
}
