import BuildContexts
import BuildPlanning
import ByteStrings
import ContentStorage
import Foundation
import LinuxSystem
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
}
