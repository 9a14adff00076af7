import Testing

@testable import BuildSolving

@Suite struct PromiseTests {
    struct Broken: Error {}

    @Test func everybodyWhoWaitsGetsTheValue() async throws {
        let promise = Promise<Int>()
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<10 { group.addTask { try await promise.value() } }
            promise.settle(.success(7))
            for try await value in group { #expect(value == 7) }
        }
    }

    @Test func onlyTheFirstSettlingCounts() async {
        let promise = Promise<Int>()
        promise.settle(.failure(Broken()))
        promise.settle(.success(1))
        await #expect(throws: Broken.self) { try await promise.value() }
        #expect(promise.settledValue == nil)
    }

    @Test func sharedWorkIsDoneOnce() async throws {
        let work = SharedWork<String, Int>()
        let count = Promise<Int>()
        let values = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    try await work.value(for: "a") {
                        await Task.yield()
                        count.settle(.success(1))
                        return Int.random(in: 0...1_000_000)
                    }
                }
            }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(values.count == 1)
    }
}
