import BuildContexts
import BuildPlanning
import ByteStrings
import ContentStorage
import Foundation
import FileModel
import LinuxSystem
import Synchronization
import Testing

@testable import BuildSolving

@Suite struct CacheFolderTests {
    private func take(
        _ fixture: SolverFixture,
        _ id: ByteString,
        _ sharing: CacheMount.Sharing,
        seed: BuildSolver.Origin? = nil,
        source: ByteString = "/"
    ) async throws -> CacheFolder {
        let cache = CacheMount(id: id, sharing: sharing, source: source)
        return try await CacheFolder.take(cache, seed: seed, fixture.directory, fixture.session)
    }

    @Test func sharedCachesAreOneFolder() async throws {
        let fixture = try SolverFixture()
        let one = try await take(fixture, "x", .shared)
        let two = try await take(fixture, "x", .shared)
        #expect(one.path == two.path)
        #expect(try await take(fixture, "y", .shared).path != one.path)
    }

    @Test func privateCachesInUseAreNotShared() async throws {
        let fixture = try SolverFixture()
        let one = try await take(fixture, "x", .private)
        let two = try await take(fixture, "x", .private)
        #expect(one.path != two.path)
        one.release()
        #expect(try await take(fixture, "x", .private).path == one.path)
    }

    @Test func aLockedCacheIsWaitedFor() async throws {
        let fixture = try SolverFixture()
        let one = try await take(fixture, "x", .locked)
        let second = Task { try await take(fixture, "x", .locked) }
        try await Task.sleep(for: .milliseconds(50))
        one.release()
        #expect(try await second.value.path == one.path)
    }

    @Test func waitingForALockedCacheCanBeCancelled() async throws {
        let fixture = try SolverFixture()
        let one = try await take(fixture, "x", .locked)
        let second = Task { try await take(fixture, "x", .locked) }
        try await Task.sleep(for: .milliseconds(30))
        second.cancel()
        await #expect(throws: CancellationError.self) { try await second.value }
        withExtendedLifetime(one) {}
    }

    @Test func aLockGoesWithItsOwner() async throws {
        let fixture = try SolverFixture()
        _ = try await take(fixture, "x", .locked)
        _ = try await take(fixture, "x", .locked)
    }

    @Test(arguments: ["..", "../../tmp", "/", "a/../../b", "e\u{301}", String(repeating: "x", count: 10_000)])
    func noIdLeadsElsewhere(_ id: String) async throws {
        let fixture = try SolverFixture()
        let folder = try await take(fixture, ByteString(id), .shared)
        let names = folder.path.pathComponents.dropFirst(fixture.directory.cacheMountsPath.pathComponents.count)
        #expect(folder.path.hasPrefix(fixture.directory.cacheMountsPath))
        #expect(names.count == 3 && names.first?.count == 64)
    }

    @Test func idsAreBytes() async throws {
        let fixture = try SolverFixture()
        #expect(try await take(fixture, "\u{e9}", .shared).path != take(fixture, "e\u{301}", .shared).path)
    }

    @Test(.root) func aNewCacheStartsWithItsSeedAndKeepsWhatItHas() async throws {
        let fixture = try SolverFixture()
        try fixture.write("sub/file", "1")
        let folder = try await take(fixture, "x", .shared, seed: try fixture.origin(), source: "/sub")
        #expect(try fixture.names(in: folder.path.appendingPath("sub")) == ["file"])
        try fixture.write("sub/later", "2")
        let again = try await take(fixture, "x", .shared, seed: try fixture.origin(), source: "/sub")
        #expect(try fixture.names(in: again.path.appendingPath("sub")) == ["file"])
    }

    @Test func aSeedThatCannotBeCopiedLeavesNoCacheAndNoLock() async throws {
        let fixture = try SolverFixture()
        let origin = try fixture.origin()
        await #expect(throws: ContextError.self) {
            try await take(fixture, "x", .locked, seed: origin, source: "/no")
        }
        let folder = try await take(fixture, "x", .locked)
        #expect(try fixture.names(in: folder.path) == [])
    }

    @Test func aCommandTakesEachCacheOnceInTheOrderOfTheIds() {
        func mount(_ id: ByteString, _ sharing: CacheMount.Sharing) -> MountOperation {
            MountOperation(kind: .cache(CacheMount(id: id, sharing: sharing)), target: "/a")
        }
        let mounts = [
            mount("b", .shared), mount("a", .locked), MountOperation(kind: .tmpfs(size: nil), target: "/t"),
            mount("b", .locked), mount("a", .shared), mount("c", .private), mount("c", .shared),
        ]
        let distinct = CacheMount.distinct(in: mounts)
        #expect(distinct.map(\.id) == ["a", "b", "c"])
        #expect(distinct.map(\.sharing) == [.locked, .locked, .private])
    }

    private final class Flag: Sendable {
        private let value = Atomic<Bool>(false)
        var isRaised: Bool { value.load(ordering: .acquiring) }
        func raise() { value.store(true, ordering: .releasing) }
    }

    private static let users: [(CacheMount.Sharing, CacheMount.Sharing, waits: Bool)] = [
        (.shared, .shared, false), (.shared, .locked, true), (.locked, .shared, true), (.locked, .locked, true),
        (.private, .shared, true), (.private, .locked, true),
    ]

    @Test(arguments: users) func usersOfAFolderWaitForEachOtherWhereTheyMust(
        _ first: CacheMount.Sharing,
        _ second: CacheMount.Sharing,
        _ waits: Bool
    ) async throws {
        let fixture = try SolverFixture()
        let one = try await take(fixture, "x", first)
        let isTaken = Flag()
        let path = try await withThrowingTaskGroup(of: ByteString.self) { group in
            group.addTask {
                let two = try await self.take(fixture, "x", second)
                isTaken.raise()
                return two.path
            }
            if waits {
                try await Task.sleep(for: .milliseconds(80))
                #expect(!isTaken.isRaised)
                one.release()
            }
            return try await group.next()
        }
        #expect(path == one.path)
    }

    @Test(arguments: [CacheMount.Sharing.shared, .locked]) func aPrivateUseTakesACopyOfItsOwn(
        _ other: CacheMount.Sharing
    ) async throws {
        let fixture = try SolverFixture()
        let one = try await take(fixture, "x", other)
        let two = try await take(fixture, "x", .private)
        #expect(two.path != one.path)
        withExtendedLifetime((one, two)) {}
    }

    @Test func cachesAreListedLastUsedFirst() async throws {
        let fixture = try SolverFixture()
        #expect(try CacheFolders(fixture.directory).list() == [])
        let first = try await take(fixture, "first", .shared)
        try OwnedDescriptor.openDirectory(first.path).openChild("f", [.writeOnly, .create], permissions: 0o600)
            .write([UInt8](repeating: 1, count: 100_000))
        first.release()
        try await Task.sleep(for: .milliseconds(20))
        let second = try await take(fixture, "second", .shared)
        try await Task.sleep(for: .milliseconds(20))
        let copy = try await take(fixture, "second", .private)
        let list = try CacheFolders(fixture.directory).list()
        #expect(list.map(\.id) == ["second", "second", "first"])
        #expect(list.map(\.isInUse) == [true, true, false])
        #expect(list[2].size >= 100_000 && list[2].size < 200_000)
        #expect(list[0].path.hasSuffix("/private-1") && list[1].path.hasSuffix("/shared"))
        withExtendedLifetime((second, copy)) {}
    }

    @Test func cachesArePrunedUnlessTheyAreUsedOrKept() async throws {
        let fixture = try SolverFixture()
        let caches = CacheFolders(fixture.directory)
        for id in ["a", "b", "c"] as [ByteString] { try await take(fixture, id, .shared).release() }
        let used = try await take(fixture, "b", .shared)
        let removed = try caches.prune(in: fixture.session) { $0.id == "c" }
        #expect(removed.map(\.id) == ["a"])
        #expect(Set(try caches.list().map(\.id)) == ["b", "c"])
        #expect(try fixture.names(in: fixture.directory.cacheMountsPath).count == 2)
        #expect(try fixture.names(in: fixture.session.path) == ["lock"])
        used.release()
        #expect(try caches.prune(in: fixture.session) { _ in false }.count == 2)
        #expect(try fixture.names(in: fixture.directory.cacheMountsPath) == [])
        #expect(try fixture.names(in: try await take(fixture, "a", .locked).path) == [])
    }

    @Test func takingAndRemovingAtOnceNeverFails() async throws {
        let fixture = try SolverFixture()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for sharing in CacheMount.Sharing.allCases {
                group.addTask {
                    for _ in 0..<60 {
                        let folder = try await self.take(fixture, "x", sharing)
                        #expect(try FileStatus.at(hostPath: folder.path, followingLinks: false)?.kind == .directory)
                        folder.release()
                    }
                }
            }
            group.addTask {
                for _ in 0..<60 {
                    _ = try await BlockingThread.run {
                        try CacheFolders(fixture.directory).prune(in: fixture.session) { _ in false }
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}
