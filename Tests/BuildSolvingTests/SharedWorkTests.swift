import Testing

@testable import BuildSolving

@Suite struct SharedWorkTests {
    struct Broken: Error {}

    @Test func whoWaitsForWorkThatFailsLearnsIt() async throws {
        let work = SharedWork<String, Int>()
        let gate = Promise<Void>()
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    do {
                        _ = try await work.value(for: "a") {
                            try await gate.value()
                            throw Broken()
                        }
                        return false
                    } catch {
                        return error is Broken
                    }
                }
            }
            gate.settle(.success(()))
            for await hasFailed in group { #expect(hasFailed) }
        }
    }

    @Test func aFailureIsNotKept() async throws {
        let work = SharedWork<String, Int>()
        await #expect(throws: Broken.self) { try await work.value(for: "a") { throw Broken() } }
        #expect(try await work.value(for: "a") { 3 } == 3)
    }

    @Test func otherKeysDoNotWait() async throws {
        let work = SharedWork<String, Int>()
        let gate = Promise<Void>()
        let slow = Task {
            try await work.value(for: "slow") {
                try await gate.value()
                return 1
            }
        }
        #expect(try await work.value(for: "fast") { 2 } == 2)
        gate.settle(.success(()))
        #expect(try await slow.value == 1)
    }

    @Test func cancelledWorkSettles() async throws {
        let work = SharedWork<String, Int>()
        let task = Task {
            try await work.value(for: "a") {
                try await Task.sleep(for: .seconds(600))
                return 1
            }
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await work.value(for: "a") { 2 } == 2)
    }
}
