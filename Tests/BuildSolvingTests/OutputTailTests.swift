import BuildInterface
import Synchronization
import Testing

@testable import BuildSolving

@Suite struct OutputTailTests {
    @Test(
        arguments: [
            ([], []), (["one\ntwo\n"], ["one", "two"]), (["o", "ne\ntw", "o"], ["one", "two"]),
            (["\n\na\n\n\nb\n"], ["a", "b"]),
            (["10%\r50%\r100%\r\nend\r\n"], ["100%", "end"]), (["\r\n\r\n"], []),
        ] as [([String], [String])]
    )
    func linesAreWhatWasWritten(_ chunks: [String], _ lines: [String]) {
        let tail = OutputTail()
        for chunk in chunks { tail.add(Array(chunk.utf8)) }
        #expect(tail.lines == lines)
    }

    @Test(arguments: [false, true]) func noMoreThanTwentyLinesAreKept(_ endsInLineFeed: Bool) {
        let tail = OutputTail()
        tail.add(Array((1...100).map { "\($0)" }.joined(separator: "\n").utf8) + (endsInLineFeed ? [10] : []))
        #expect(tail.lines == (81...100).map { "\($0)" })
    }

    @Test func anEndlessLineTakesBoundedMemory() {
        let tail = OutputTail()
        for _ in 0..<1000 { tail.add([UInt8](repeating: 0x61, count: 10_000)) }
        #expect(tail.lines.count == 1)
        #expect(tail.lines[0].utf8.count <= 32 << 10)
    }

    @Test func eventsOfAVertexSayHowItEnded() async throws {
        struct Broken: Error, CustomStringConvertible { let description = "broken" }
        let seen = Mutex<[String]>([])
        let reporter = EventReporter { event in
            let text =
                switch event {
                case .started(let vertex, let name): "\(vertex) \(name)"
                case .completed(let vertex, _): "\(vertex) done"
                case .failed(let vertex, let message): "\(vertex) \(message)"
                case .cancelled(let vertex): "\(vertex) cancelled"
                default: "?"
                }
            seen.withLock { $0.append(text) }
        }
        #expect(try await reporter.vertex("good") { 1 } == 1)
        await #expect(throws: Broken.self) { try await reporter.vertex("bad") { throw Broken() } }
        await #expect(throws: CancellationError.self) {
            try await reporter.vertex("stop") { throw CancellationError() }
        }
        #expect(
            seen.withLock { $0 } == ["1 good", "1 done", "2 bad", "2 broken", "3 stop", "3 cancelled"]
        )
    }
}
