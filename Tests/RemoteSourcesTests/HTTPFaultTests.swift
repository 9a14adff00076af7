import ByteStrings
import FileModel
import Foundation
import LinuxSystem
import OCIModel
import TestSupport
import Testing

@testable import RemoteSources

@Suite struct HTTPFaultTests {
    @Test func aFileComesWithItsDigestNameAndTime() async throws {
        let server = try FaultServer { exchange in
            exchange.answer("200 OK", ["Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT"], "hello")
        }
        let (result, text) = try await fetch(server.url("/a/b%20c.txt?x=1"))
        #expect(text == "hello")
        #expect(!result.isUnchanged)
        #expect(result.content.digest == .sha256(of: Array("hello".utf8)))
        #expect(result.content.size == 5)
        #expect(result.content.fileName == "b c.txt")
        #expect(result.content.modified == Timestamp(seconds: 784_111_777))
        #expect(server.requests[0].path == "/a/b%20c.txt?x=1")
        #expect(server.requests[0].field("Authorization") == nil)
        #expect(server.requests[0].field("Accept-Encoding") == "identity")
    }

    @Test func aSinkHoldsTheLastAttemptAlone() async throws {
        let server = try FaultServer { exchange in
            if exchange.number == 0 {
                exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nmuch more than later")
            } else {
                exchange.answer("200 OK", [], "short")
            }
        }
        #expect(try await fetch(server.url("/")).1 == "short")
    }

    /// Every way for a body to arrive whole.
    @Test(arguments: [
        "Content-Length: 5\r\n\r\nhello",
        "Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\n\r\n",
        "Connection: close\r\n\r\nhello",
        "Content-Length: 5\r\n\r\nhello and more than announced",
    ])
    func aBodyIsRead(_ answer: String) async throws {
        let server = try FaultServer { $0.send("HTTP/1.1 200 OK\r\n" + answer) }
        let (result, text) = try await fetch(server.url("/f"))
        #expect(text == "hello")
        #expect(result.content.size == 5)
    }

    /// Every way for a body to end early; the third attempt is the last.
    @Test(arguments: [
        "Content-Length: 50\r\n\r\nhello",
        "Transfer-Encoding: chunked\r\n\r\n20\r\nhello",
        "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
    ])
    func aTruncatedBodyIsAnError(_ answer: String) async throws {
        let server = try FaultServer { $0.send("HTTP/1.1 200 OK\r\n" + answer) }
        let error = await failure { _ = try await fetch(server.url("/f")) }
        guard case .truncated(_, _, let received) = error else {
            Issue.record("\(error.debugDescription)")
            return
        }
        #expect(received == 5)
        #expect(server.requests.count == 3)
    }

    /// Answers that break the rules are refused at once.
    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello",
        "220 ready\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX: " + String(repeating: "x", count: 200_000) + "\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 5\r\n\r\nhello",
    ])
    func aWrongAnswerIsAnError(_ answer: String) async throws {
        let server = try FaultServer {
            $0.send(answer)
            $0.waitForEnd(seconds: 2)
        }
        let error = await failure { _ = try await fetch(server.url("/f")) }
        guard case .badResponse = error else {
            Issue.record("\(error.debugDescription)")
            return
        }
        #expect(server.requests.count == 1)
    }

    @Test func silenceIsAnErrorThatNamesTheWait() async throws {
        let server = try FaultServer { $0.waitForEnd() }
        let error = await failure { _ = try await fetch(server.url("/f"), hasty) }
        #expect(error == .stalled(url: server.url("/f"), seconds: 2))
        #expect(server.requests.count == 3)
    }

    @Test func aBodyThatStopsIsAnError() async throws {
        let server = try FaultServer {
            $0.send("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello")
            $0.waitForEnd()
        }
        let error = await failure { _ = try await fetch(server.url("/f"), hasty) }
        #expect(error == .stalled(url: server.url("/f"), seconds: 2))
    }

    @Test func aTrickleIsAnError() async throws {
        let server = try FaultServer {
            $0.send("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n")
            for _ in 0..<60 {
                $0.send("x")
                usleep(100_000)
            }
        }
        var options = impatient
        options.rateWindow = .seconds(1)
        options.attempts = 1
        let once = options
        let error = await failure { _ = try await fetch(server.url("/f"), once) }
        #expect(error == .tooSlow(url: server.url("/f"), bytesPerSecond: 64))
    }

    @Test func aSlowHeadIsAnErrorToo() async throws {
        let server = try FaultServer {
            $0.send("HTTP/1.1 200 OK\r\nX-Slow: ")
            for _ in 0..<60 {
                $0.send("x")
                usleep(100_000)
            }
        }
        var options = hasty
        options.attempts = 1
        let once = options
        let error = await failure { _ = try await fetch(server.url("/f"), once) }
        #expect(error == .stalled(url: server.url("/f"), seconds: 2))
    }

    @Test(arguments: ["429 Too Many Requests", "503 Service Unavailable", "500 Oops", "502 Bad Gateway", "408 Timeout"])
    func aPassingFailureIsTriedAgain(_ status: String) async throws {
        let server = try FaultServer { exchange in
            if exchange.number < 2 {
                exchange.answer(status, [], "later")
            } else {
                exchange.answer("200 OK", [], "now")
            }
        }
        let (_, text) = try await fetch(server.url("/f"))
        #expect(text == "now")
        #expect(server.requests.count == 3)
    }

    @Test func resetsAreTriedAgain() async throws {
        let server = try FaultServer { exchange in
            switch exchange.number {
            case 0: exchange.reset()
            case 1:
                exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello")
                exchange.reset()
            default: exchange.answer("200 OK", [], "now")
            }
        }
        let (_, text) = try await fetch(server.url("/f"))
        #expect(text == "now")
    }

    @Test(arguments: ["1", "Sun, 06 Nov 1994 08:49:38 GMT"])
    func theWaitThatAServerAsksForIsKept(_ wait: String) async throws {
        let server = try FaultServer { exchange in
            if exchange.number == 0 {
                let fields = ["Retry-After: \(wait)", "Date: Sun, 06 Nov 1994 08:49:37 GMT"]
                exchange.answer("429 Too Many Requests", fields)
            } else {
                exchange.answer("200 OK", [], "now")
            }
        }
        let start = MonotonicClock.now
        let (_, text) = try await fetch(server.url("/f"))
        #expect(text == "now")
        #expect(MonotonicClock.now - start >= .seconds(1))
    }

    @Test func tooLongAWaitIsAnErrorAtOnce() async throws {
        let server = try FaultServer { $0.answer("429 Too Many Requests", ["Retry-After: 3600"]) }
        let error = await failure { _ = try await fetch(server.url("/f")) }
        #expect(error == .rateLimited(host: "127.0.0.1", seconds: 3600))
        #expect(server.requests.count == 1)
    }

    @Test(arguments: [
        "404 Not Found", "401 Unauthorized", "403 Forbidden", "204 No Content", "206 Partial", "304 Not Modified",
    ])
    func otherStatusesAreErrors(_ status: String) async throws {
        let server = try FaultServer { $0.answer(status, [], status.hasPrefix("2") ? "" : "page") }
        let error = await failure { _ = try await fetch(server.url("/f?sig=secret")) }
        guard case .badStatus(let url, let code, _) = error else {
            Issue.record("\(error.debugDescription)")
            return
        }
        #expect(status.hasPrefix("\(code)"))
        #expect(url == server.url("/f?sig=xxxxx"))
        #expect(server.requests.count == 1)
    }

    @Test func aFileBeyondTheLimitIsRefused() async throws {
        var options = impatient
        options.sizeLimit = 10
        let announced = try FaultServer { $0.answer("200 OK", [], "12345678901") }
        let first = await failure { _ = try await fetch(announced.url("/f"), options) }
        #expect(first == .tooLarge(url: announced.url("/f"), limit: 10))
        let chunked = try FaultServer {
            $0.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n12345678901\r\n0\r\n\r\n")
        }
        let second = await failure { _ = try await fetch(chunked.url("/f"), options) }
        #expect(second == .tooLarge(url: chunked.url("/f"), limit: 10))
        let exact = try FaultServer { $0.answer("200 OK", [], "1234567890") }
        #expect(try await fetch(exact.url("/f"), options).1 == "1234567890")
    }

    @Test func aWrongChecksumIsRefusedAndNothingCached() async throws {
        let server = try FaultServer { $0.answer("200 OK", ["ETag: \"1\""], "hello") }
        let cache = MemoryCache()
        let wrong = Digest.sha256(of: Array("other".utf8))
        let right = Digest.sha256(of: Array("hello".utf8))
        let error = await failure { _ = try await fetch(server.url("/f"), checksum: wrong, cache: cache) }
        #expect(error == .checksumMismatch(url: server.url("/f"), expected: wrong, actual: right))
        let url = try RemoteURL(ByteString(server.url("/f")))
        #expect(try await cache.load(CachedResponse.key(for: url)) == nil)
        #expect(try await fetch(server.url("/f"), checksum: right).1 == "hello")
        var digester = Digester(.sha512)
        digester.update(Array("hello".utf8))
        let result = try await fetch(server.url("/f"), checksum: digester.finalize()).0
        #expect(result.content.digest == right)
    }

    @Test func anEncodingNobodyAskedForIsUndone() async throws {
        // printf hello | gzip -n
        let packed: [UInt8] = [
            0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xcb, 0x48, 0xcd, 0xc9, 0xc9, 7, 0, 0x86, 0xa6, 0x10, 0x36, 5, 0, 0, 0,
        ]
        let server = try FaultServer { exchange in
            exchange.send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(packed.count)\r\n\r\n")
            exchange.send(packed)
        }
        let (result, text) = try await fetch(server.url("/f.txt"))
        #expect(text == "hello")
        #expect(result.content.digest == .sha256(of: Array("hello".utf8)))
        #expect(server.requests.count == 2)
        // What is named as compressed is wanted compressed.
        let (raw, _) = try await fetch(server.url("/f.txt.gz"))
        #expect(raw.content.digest == .sha256(of: packed))
    }

    @Test func aCancelledFetchEndsAtOnce() async throws {
        let server = try FaultServer { $0.waitForEnd(seconds: 120) }
        let task = Task { try await fetch(server.url("/f")) }
        while server.requests.isEmpty { try await Task.sleep(for: .milliseconds(10)) }
        let start = MonotonicClock.now
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        // Silence alone would end it after half a minute, as often as it is tried.
        #expect(MonotonicClock.now - start < .seconds(20))
    }

    @Test func nobodyListeningIsAnError() async throws {
        let port = try FaultServer { _ in }.port
        let error = await failure { _ = try await fetch("http://127.0.0.1:\(port)/f") }
        guard case .connectionFailed(_, let reason) = error else {
            Issue.record("\(error.debugDescription)")
            return
        }
        #expect(reason == "connection refused")
    }

    @Test func theSecondAddressOfAHostIsTriedToo() async throws {
        let server = try FaultServer { $0.answer("200 OK", [], "hello") }
        #expect(try await fetch(server.url("/f", host: "localhost")).1 == "hello")
        #expect(server.requests[0].field("Host") == "localhost:\(server.port)")
    }

    @Test func aMissingHostIsAnError() async throws {
        let error = await failure { _ = try await fetch("http://nobody.invalid/f") }
        guard case .hostNotFound(let lookup) = error else {
            Issue.record("\(error.debugDescription)")
            return
        }
        #expect(lookup.host == "nobody.invalid")
    }
}
