import FileModel
import Foundation
import LinuxSystem
import Synchronization
import SystemPackage
import Testing

@Suite struct BlockingThreadTests {
    /// More bodies than processors, each of which waits for all the others.
    @Test func bodiesThatWaitForEachOtherAllRun() async throws {
        let count = 100
        let arrived = Counter()
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<count {
                group.addTask {
                    try await BlockingThread.run {
                        arrived.add()
                        while arrived.value < count { usleep(100) }
                        return 1
                    }
                }
            }
            var sum = 0
            for try await one in group { sum += one }
            #expect(sum == count)
        }
    }

    @Test func aBodyKeepsItsThreadWithSignalsBlocked() async throws {
        let (first, last, blocked) = try await BlockingThread.run {
            let first = pthread_self()
            usleep(1000)
            var mask = sigset_t()
            pthread_sigmask(SIG_SETMASK, nil, &mask)
            return (first, pthread_self(), sigismember(&mask, SIGTERM) == 1)
        }
        #expect(first == last)
        #expect(blocked)
    }

    @Test func errorsComeBack() async throws {
        await #expect(throws: SystemError(operation: "x", errno: .ioError)) {
            try await BlockingThread.run { throw SystemError(operation: "x", errno: .ioError) }
        }
    }

    @Test func threadsAreUsedAgain() async throws {
        let threads = Mutex<Set<UInt>>([])
        for _ in 0..<200 {
            let thread = try await BlockingThread.run { UInt(pthread_self()) }
            threads.withLock { _ = $0.insert(thread) }
        }
        // Other tests share the pool, so not every call meets the same thread.
        #expect(threads.withLock { $0.count } < 150)
    }
}

final class Counter: Sendable {
    private let count = Atomic(0)
    var value: Int { count.load(ordering: .acquiring) }
    func add() { count.add(1, ordering: .acquiringAndReleasing) }
}

@Suite struct PollerTests {
    @Test func readyDescriptorsComeInTheirOrder() throws {
        let first = try OwnedDescriptor.makePipe()
        let second = try OwnedDescriptor.makePipe()
        let third = try OwnedDescriptor.makePipe()
        let all = [first.readEnd.rawValue, -1, second.readEnd.rawValue, third.readEnd.rawValue]
        #expect(try Poller.wait(all, timeout: .zero).isEmpty)
        try third.writeEnd.write([1])
        try first.writeEnd.write([1])
        #expect(try Poller.wait(all) == [all[0], all[3]])
    }

    @Test func aClosedOtherEndIsReady() throws {
        let reading = try OwnedDescriptor.makePipe().takeReadEnd()
        #expect(try Poller.wait([reading.rawValue], timeout: .seconds(60)) == [reading.rawValue])
        #expect(try reading.readAll(limit: 1).isEmpty)
    }

    @Test func aTimeoutIsKept() throws {
        let pipe = try OwnedDescriptor.makePipe()
        let start = MonotonicClock.now
        #expect(try Poller.wait([pipe.readEnd.rawValue], timeout: .milliseconds(20)).isEmpty)
        #expect(MonotonicClock.now - start >= .milliseconds(20))
    }
}
