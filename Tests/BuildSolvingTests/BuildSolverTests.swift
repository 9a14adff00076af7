import BuildContexts
import BuildPlanning
import ByteStrings
import ContentStorage
import FileModel
import LayerSnapshots
import LinuxSystem
import OCIModel
import Testing

@testable import BuildSolving

/// Plans without commands over a real store.
@Suite struct BuildSolverTests {
    @Test func theSameBuildIsFoundWhole() async throws {
        let fixture = try SolverFixture()
        try fixture.write("a", "1")
        let steps = [Step(0, .copying("a", to: "/a")), Step(1, .makingDirectory("/b/c"), parent: 0)]
        let first = try await fixture.solve(steps)
        #expect(first.cachedSteps == 0)
        let second = try await fixture.solve(steps)
        #expect(second.cachedSteps == 2)
        #expect(second.layers == first.layers)
        #expect(second.epoch == first.epoch)
    }

    @Test func changedBytesAreNeverMissed() async throws {
        let fixture = try SolverFixture()
        try fixture.write("a", "1")
        let steps = [Step(0, .copying("a", to: "/a"))]
        let first = try await fixture.solve(steps)
        try fixture.write("a", "2")
        let second = try await fixture.solve(steps)
        #expect(second.cachedSteps == 0)
        #expect(second.layers != first.layers)
    }

    @Test func aParentMadeAnewUnderItsOldKeysBringsNoOldChildren() async throws {
        let fixture = try SolverFixture()
        try fixture.write("a", "1", seconds: 1000)
        let steps = [Step(0, .copying("a", to: "/a")), Step(1, .makingDirectory("/b"), parent: 0)]
        _ = try await fixture.solve(steps)
        // Times are no part of a key, but of a layer.
        try fixture.write("a", "1", seconds: 2000)
        let anew = try await fixture.solve([Step(0, .copying("a", to: "/a"), ignoresCache: true)])
        #expect(anew.cachedSteps == 0)
        let mixed = try await fixture.solve(steps)
        #expect(mixed.cachedSteps == 1, "the child was made over another parent")
        #expect(mixed.layers[0] == anew.layers[0])
        #expect(try await fixture.solve(steps).cachedSteps == 2)
    }

    @Test func aChildOfAParentMadeAnewWithTheSameContentIsFound() async throws {
        let fixture = try SolverFixture()
        try fixture.write("a", "1")
        let child = Step(1, .makingDirectory("/b"), parent: 0)
        _ = try await fixture.solve([Step(0, .copying("a", to: "/a")), child])
        let again = try await fixture.solve([Step(0, .copying("a", to: "/a"), ignoresCache: true), child])
        #expect(again.cachedSteps == 1)
    }

    @Test(.root) func aLinkWithANamedOwnerSeesTheAccountsOfItsParent() async throws {
        let fixture = try SolverFixture()
        try fixture.write("f", "1")
        try fixture.write("passwd", "app:x:1000:1000::/:\n")
        let steps = [
            Step(0, .copying("passwd", to: "/etc/passwd")),
            Step(1, .copying("f", to: "/f", isLink: true, owner: "app"), parent: 0),
        ]
        let first = try await fixture.solve(steps)
        try fixture.write("passwd", "app:x:2000:2000::/:\n")
        let second = try await fixture.solve(steps)
        #expect(second.layers[1] != first.layers[1])
        #expect(try await second.fileTree().status("f")?.owner == 2000)
    }

    @Test func aLinkFoundOverANewerParentIsAsNew() async throws {
        let fixture = try SolverFixture()
        try fixture.write("f", "1", seconds: 1000)
        try fixture.write("base", "1", seconds: 2000)
        let steps = [
            Step(0, .copying("base", to: "/base")), Step(1, .copying("f", to: "/f", isLink: true), parent: 0),
        ]
        #expect(try await fixture.solve(steps).epoch.seconds == 2000)
        try fixture.write("base", "2", seconds: 3000)
        let second = try await fixture.solve(steps)
        #expect(second.cachedSteps == 1)
        #expect(second.epoch.seconds == 3000)
    }

    @Test func whatIsMissingIsNamed() async throws {
        let fixture = try SolverFixture()
        await #expect {
            try await fixture.solve([Step(0, .copying("no", to: "/a"))])
        } throws: { error in
            "\(error)" == "failed to compute cache key: `no` not found in the build context"
        }
    }

    @Test func aFailingPackFailsTheBuildInsteadOfHangingIt() async throws {
        let fixture = try SolverFixture()
        try fixture.write("a", "1")
        // The folder that takes temporary files is gone.
        try OwnedDescriptor.openDirectory(fixture.directory.temporaryPath).removeTree(fixture.session.id)
        let steps = [Step(0, .copying("a", to: "/a")), Step(1, .makingDirectory("/b"), parent: 0)]
        await #expect(throws: SolveError.self) { try await fixture.solve(steps) }
    }

    @Test func aLayerThatComesTwiceIsOneForAnOverlay() {
        #expect(OverlayStack.distinct(topFirst: ["c", "a", "b", "a"]) == ["c", "a", "b"])
    }

    @Test func ofSeveralFilesOntoOneNameTheLastStays() async throws {
        let fixture = try SolverFixture()
        try fixture.write("a", "1")
        try fixture.write("b", "22")
        let copy = CopyOperation(sources: [.path("a"), .path("b")], origin: .context(nil), destination: "/one")
        let solved = try await fixture.solve([Step(0, .copy(copy))])
        #expect(solved.totalSteps == 1)
    }
}
