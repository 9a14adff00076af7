import ByteStrings
import FileModel
import Testing

@testable import BuildContexts

struct FileHashCacheTests {
    static let now = Timestamp(seconds: 1_000, nanoseconds: 500)

    static func entry(
        _ inode: UInt64,
        device: UInt64 = 7,
        size: UInt64 = 10,
        modified: Timestamp = Timestamp(seconds: 900, nanoseconds: 1),
        changed: Timestamp = Timestamp(seconds: 901, nanoseconds: 2)
    ) -> TreeEntry {
        TreeEntry(
            kind: .regular,
            permissions: 0o644,
            size: size,
            modified: modified,
            changed: changed,
            fileID: FileID(device: device, inode: inode)
        )
    }

    static func hash(_ number: UInt64) -> ContentHash {
        withUnsafeBytes(of: SIMD4<UInt64>(repeating: number)) { ContentHash($0) }
    }

    @Test func `A recorded file is known, also after the cache was kept`() throws {
        let cache = FileHashCache(now: Self.now)
        #expect(cache.hash(of: Self.entry(1)) == nil)
        #expect(cache.encoded() == nil)
        for inode in 1...500 as ClosedRange<UInt64> { cache.record(Self.hash(inode), for: Self.entry(inode)) }
        let other = TreeEntry(
            kind: .regular,
            permissions: 0,
            size: .max,
            modified: Timestamp(seconds: .min),
            changed: Timestamp(seconds: -5, nanoseconds: 999_999_999),
            fileID: FileID(device: UInt64(UInt32.max), inode: .max)
        )
        cache.record(Self.hash(0), for: other)
        // Trees in memory number their files anew in every process.
        for device in [0, 1 << 32, .max] as [UInt64] {
            cache.record(Self.hash(9), for: Self.entry(1, device: device))
            #expect(cache.hash(of: Self.entry(1, device: device)) == nil)
        }
        let blob = try #require(cache.encoded())
        let again = FileHashCache(blob: blob, now: Self.now)
        for kept in [cache, again] {
            #expect(kept.count == 501)
            for inode in 1...500 as ClosedRange<UInt64> {
                #expect(kept.hash(of: Self.entry(inode)) == Self.hash(inode))
            }
            #expect(kept.hash(of: other) == Self.hash(0))
            #expect(kept.hash(of: Self.entry(501)) == nil)
        }
        #expect(again.encoded() == nil)
    }

    @Test(arguments: [
        entry(1, device: 8), entry(2), entry(1, size: 11),
        entry(1, modified: Timestamp(seconds: 900, nanoseconds: 2)),
        entry(1, modified: Timestamp(seconds: 899, nanoseconds: 1)),
        entry(1, changed: Timestamp(seconds: 901, nanoseconds: 3)),
        entry(1, changed: Timestamp(seconds: 902, nanoseconds: 2)),
    ])
    func `Any difference in the stamp makes a file unknown`(entry: TreeEntry) throws {
        let cache = FileHashCache(now: Self.now)
        cache.record(Self.hash(1), for: Self.entry(1))
        #expect(cache.hash(of: entry) == nil)
        let blob = try #require(cache.encoded())
        let kept = FileHashCache(blob: blob, now: Self.now)
        #expect(kept.hash(of: entry) == nil)
        #expect(kept.hash(of: Self.entry(1)) == Self.hash(1))
    }

    @Test(arguments: [
        (Timestamp(seconds: 998, nanoseconds: 499), true), (Timestamp(seconds: 998, nanoseconds: 500), false),
        (Timestamp(seconds: 999), false), (Timestamp(seconds: 1000, nanoseconds: 500), false),
        (Timestamp(seconds: 5000), false), (Timestamp(seconds: 0), true),
    ])
    func `A file written just before it was hashed is not trusted`(time: Timestamp, isTrusted: Bool) {
        let cache = FileHashCache(now: Self.now)
        let (old, written) = (Self.entry(1, modified: time), Self.entry(2, changed: time))
        cache.record(Self.hash(1), for: old)
        cache.record(Self.hash(2), for: written)
        #expect((cache.hash(of: old) != nil) == isTrusted)
        #expect((cache.hash(of: written) != nil) == isTrusted)
    }

    @Test func `A newer record replaces the one of the same file`() throws {
        let first = FileHashCache(now: Self.now)
        first.record(Self.hash(1), for: Self.entry(1))
        let second = FileHashCache(blob: first.encoded(), now: Self.now)
        second.record(Self.hash(2), for: Self.entry(1, size: 20))
        let third = FileHashCache(blob: second.encoded(), now: Self.now)
        #expect(third.hash(of: Self.entry(1)) == nil)
        #expect(third.hash(of: Self.entry(1, size: 20)) == Self.hash(2))
        #expect(third.count == 1)
    }

    @Test func `A damaged blob is an empty cache`() throws {
        let cache = FileHashCache(now: Self.now)
        for inode in 1...3 as ClosedRange<UInt64> { cache.record(Self.hash(inode), for: Self.entry(inode)) }
        let blob = try #require(cache.encoded())
        for index in blob.indices {
            var damaged = blob
            damaged[index] ^= 0x40
            #expect(FileHashCache(blob: damaged, now: Self.now).count == 0)
        }
        for length in blob.indices { #expect(FileHashCache(blob: Array(blob[..<length]), now: Self.now).count == 0) }
        #expect(FileHashCache(blob: blob + [0], now: Self.now).count == 0)
        #expect(FileHashCache(blob: [], now: Self.now).count == 0)
    }

    @Test func `Equal contents are equal blobs`() {
        let (left, right) = (FileHashCache(now: Self.now), FileHashCache(now: Self.now))
        for inode in 1...100 as ClosedRange<UInt64> {
            left.record(Self.hash(inode), for: Self.entry(inode))
            right.record(Self.hash(101 - inode), for: Self.entry(101 - inode))
        }
        #expect(left.encoded() == right.encoded())
    }

    @Test func `Files nobody asks for are forgotten once they are the most`() throws {
        let first = FileHashCache(now: Self.now)
        for inode in 1...10_000 as ClosedRange<UInt64> { first.record(Self.hash(inode), for: Self.entry(inode)) }
        let second = FileHashCache(blob: first.encoded(), now: Self.now)
        #expect(second.hash(of: Self.entry(5)) == Self.hash(5))
        second.record(Self.hash(0), for: Self.entry(20_000))
        let third = FileHashCache(blob: second.encoded(), now: Self.now)
        #expect(third.count == 2)
        #expect(third.hash(of: Self.entry(5)) == Self.hash(5))
    }

    @Test func `Twenty thousand files are found in a moment`() throws {
        let first = FileHashCache(now: Self.now)
        for inode in 1...20_000 as ClosedRange<UInt64> { first.record(Self.hash(inode), for: Self.entry(inode * 3)) }
        let blob = try #require(first.encoded())
        #expect(blob.count < 100 * 20_000)
        let entries = (1...20_000 as ClosedRange<UInt64>).map { number in
            SelectedEntry(source: "", destination: "", entry: Self.entry(number * 3))
        }
        let duration = ContinuousClock().measure {
            let cache = FileHashCache(blob: blob, now: Self.now)
            #expect(!cache.hashes(of: entries).contains(nil))
        }
        // Optimised it is a few milliseconds.
        #expect(duration < .seconds(2))
    }
}
