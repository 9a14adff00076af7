import BuildInterface
import Foundation
import LinuxSystem
import Testing

@testable import SlipwayEngine

@Suite struct StoppableReaderTests {
    @Test func aPrefixIsFilledFromSmallPieces() async throws {
        let pipe = Foundation.Pipe()
        let input = pipe.fileHandleForReading.fileDescriptor
        Thread.detachNewThread {
            for piece in ["one ", "two ", "three"] {
                pipe.fileHandleForWriting.write(Data(piece.utf8))
                usleep(2_000)
            }
            try? pipe.fileHandleForWriting.close()
        }
        let (prefix, rest) = try await StoppableReader.run { reader in
            (try reader.readPrefix(input, count: 6), try reader.readAll(input, limit: 7))
        }
        #expect(String(decoding: prefix, as: UTF8.self) == "one tw")
        #expect(String(decoding: rest, as: UTF8.self) == "o three")
    }

    @Test func moreThanTheLimitIsAnError() async throws {
        let pipe = Foundation.Pipe()
        let input = pipe.fileHandleForReading.fileDescriptor
        pipe.fileHandleForWriting.write(Data("12345".utf8))
        try pipe.fileHandleForWriting.close()
        await #expect(throws: BuildFailure.self) {
            try await StoppableReader.run { try $0.readAll(input, limit: 4) }
        }
    }

    @Test func aCancelledTaskDoesNotWaitForInput() async throws {
        let pipe = Foundation.Pipe()
        let input = pipe.fileHandleForReading.fileDescriptor
        let reading = Task { try await StoppableReader.run { try $0.readAll(input, limit: 10) } }
        try await Task.sleep(for: .milliseconds(20))
        reading.cancel()
        await #expect(throws: CancellationError.self) { try await reading.value }
        withExtendedLifetime(pipe) {}
    }

    @Test func whatFailsAfterAStopIsTheStop() async throws {
        struct Wrapped: Error {}
        let reading = Task {
            try await StoppableReader.run { reader in
                while true {
                    do {
                        _ = try reader.readPrefix(-1, count: 1)
                    } catch {
                        throw Wrapped()
                    }
                }
            }
        }
        reading.cancel()
        await #expect(throws: CancellationError.self) { try await reading.value }
    }
}
