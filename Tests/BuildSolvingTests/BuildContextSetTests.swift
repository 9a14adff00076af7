import BuildContexts
import BuildInterface
import ByteStrings
import LayerSnapshots
import SourceDiagnostics
import Synchronization
import Testing

@testable import BuildSolving

@Suite struct BuildContextSetTests {
    private final class Counter: Sendable {
        let opened = Mutex(0)
    }

    @Test func aContextIsOpenedOnceAndOnlyWhenItIsRead() async throws {
        let (read, other) = (Counter(), Counter())
        let contexts = BuildContextSet(opening: [
            "read": {
                read.opened.withLock { $0 += 1 }
                return BuildContextSet.Folder(tree: try SnapshotView(layers: []))
            },
            "other": {
                other.opened.withLock { $0 += 1 }
                return BuildContextSet.Folder(tree: try SnapshotView(layers: []))
            },
        ])
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 { group.addTask { _ = try await contexts.folder("read") } }
            try await group.waitForAll()
        }
        #expect(read.opened.withLock { $0 } == 1)
        #expect(other.opened.withLock { $0 } == 0)
    }

    @Test func aFailureKeepsItsWayOut() async throws {
        let failure = BuildFailure(
            kind: .build,
            diagnostics: [Diagnostic(severity: .error, id: "build", message: "no", hint: "do this")]
        )
        let contexts = BuildContextSet(opening: [nil: { throw failure }])
        let error = await #expect(throws: SolveFailure.self) { try await contexts.folder(nil) }
        #expect(error == SolveFailure("no", hint: "do this"))
        await #expect(throws: SolveFailure.self) { try await contexts.folder("unknown") }
    }
}
