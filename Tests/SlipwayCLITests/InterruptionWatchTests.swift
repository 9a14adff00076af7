import BuildInterface
import Dispatch
import LinuxSystem
import Synchronization
import Testing

@testable import SlipwayCLI

@Suite struct InterruptionWatchTests {
    private final class Log: Sendable {
        let entries = Mutex<[String]>([])

        func add(_ entry: String) { entries.withLock { $0.append(entry) } }
        var all: [String] { entries.withLock { $0 } }
    }

    private func watch(_ log: Log, grace: DispatchTimeInterval = .seconds(600)) -> InterruptionWatch {
        InterruptionWatch(grace: grace) { log.add("die \($0)") }
    }

    @Test func theFirstSignalCancelsAndTheSecondEnds() {
        let log = Log()
        let watch = watch(log)
        watch.begin { log.add("cancel") }
        watch.take(.interrupt)
        #expect(log.all == ["cancel"])
        watch.take(.terminate)
        #expect(log.all == ["cancel", "die SIGTERM"])
        #expect(watch.end() == .interrupt)
    }

    @Test func aSignalBeforeTheWorkCancelsItAtOnce() {
        let log = Log()
        let watch = watch(log)
        watch.take(.hangUp)
        watch.begin { log.add("cancel") }
        #expect(log.all == ["cancel"])
    }

    @Test func workThatDoesNotStopIsEnded() async throws {
        let log = Log()
        let watch = watch(log, grace: .milliseconds(10))
        watch.begin {}
        watch.take(.interrupt)
        for _ in 0..<500 where log.all.isEmpty { try await Task.sleep(for: .milliseconds(10)) }
        #expect(log.all == ["die SIGINT"])
    }

    @Test func workThatStopsInTimeIsNotEnded() async throws {
        let log = Log()
        let watch = watch(log, grace: .milliseconds(10))
        watch.begin {}
        watch.take(.interrupt)
        #expect(watch.end() == .interrupt)
        try await Task.sleep(for: .milliseconds(100))
        #expect(log.all == [])
    }

    @Test func aReaderIsLostOnceHoweverOftenItIsSaid() {
        let log = Log()
        let watch = watch(log)
        watch.begin { log.add("cancel") }
        watch.losesReader()
        watch.losesReader()
        #expect(log.all == ["cancel"])
        #expect(watch.end() == .pipe)
        watch.losesReader()
        #expect(log.all == ["cancel"])
    }

    @Test func withoutASignalThereIsNone() {
        let log = Log()
        let watch = watch(log)
        watch.begin { log.add("cancel") }
        #expect(watch.end() == nil)
        watch.take(.interrupt)
        #expect(log.all == ["die SIGINT"], "after the work a signal is what it always is")
    }

    @Test(
        arguments: [
            (.build, 1), (.usage, 64), (.defect, 70), (.cancelled, 130),
        ] as [(BuildFailure.Kind, Int32)]
    )
    func everyKindOfFailureHasItsStatus(_ kind: BuildFailure.Kind, _ status: Int32) {
        #expect(kind.exitStatus == status)
    }
}
