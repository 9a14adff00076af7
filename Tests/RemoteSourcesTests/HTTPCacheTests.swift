import ByteStrings
import FileModel
import Foundation
import OCIModel
import TestSupport
import Testing

@testable import RemoteSources

@Suite struct HTTPCacheTests {
    @Test(arguments: [["ETag: \"1\""], ["Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT"]])
    func anUnchangedFileIsNotFetchedAgain(_ fields: [String]) async throws {
        let server = try FaultServer { exchange in
            let known = exchange.field("If-None-Match") ?? exchange.field("If-Modified-Since")
            if let known, fields[0].hasSuffix(known) {
                exchange.send("HTTP/1.1 304 Not Modified\r\n\r\n")
            } else {
                exchange.answer("200 OK", fields, "hello")
            }
        }
        let cache = MemoryCache()
        let first = try await fetch(server.url("/f"), cache: cache)
        let second = try await fetch(server.url("/f"), cache: cache)
        #expect(!first.0.isUnchanged && second.0.isUnchanged)
        #expect(first.0.content == second.0.content)
        #expect(second.1.isEmpty)
        #expect(server.requests.count == 2)
        // Another query is another file.
        #expect(try await fetch(server.url("/f?x"), cache: cache).1 == "hello")
    }

    @Test func aChangedFileReplacesTheOneBefore() async throws {
        let server = try FaultServer { $0.answer("200 OK", ["ETag: \"\($0.number)\""], "hello \($0.number)") }
        let cache = MemoryCache()
        #expect(try await fetch(server.url("/f"), cache: cache).1 == "hello 0")
        #expect(try await fetch(server.url("/f"), cache: cache).1 == "hello 1")
        #expect(server.requests[1].field("If-None-Match") == "\"0\"")
    }

    /// The key is kept on disk, where a digest of a weak password could be guessed.
    @Test func passwordsAreNoPartOfTheKey() async throws {
        let server = try FaultServer { exchange in
            switch exchange.field("Authorization") {
            case "Basic dTpw": exchange.answer("200 OK", ["ETag: \"1\""], "hello")
            case "Basic djpw": exchange.send("HTTP/1.1 304 Not Modified\r\n\r\n")
            default: exchange.answer("401 Unauthorized")
            }
        }
        let cache = MemoryCache()
        let url = server.url("/f")
        for user in ["u:p@", "v:p@", ""] {
            let written = url.replacingOccurrences(of: "//", with: "//\(user)")
            #expect(try CachedResponse.key(for: RemoteURL(ByteString(written))) == .sha256(of: Array(url.utf8)))
            let error = await failure { _ = try await fetch(written, cache: cache) }
            #expect((error == nil) == !user.isEmpty)
        }
        #expect(server.requests.map { $0.field("If-None-Match") } == [nil, "\"1\"", "\"1\""])
    }

    @Test func aFileWithoutValidatorsIsFetchedAlways() async throws {
        let server = try FaultServer { $0.answer("200 OK", [], "hello") }
        let cache = MemoryCache()
        for _ in 0..<2 { _ = try await fetch(server.url("/f"), cache: cache) }
        #expect(server.requests.allSatisfy { $0.field("If-None-Match") == nil && $0.field("If-Modified-Since") == nil })
    }

    @Test func aCachedFileOfAnotherChecksumIsFetchedAgain() async throws {
        let server = try FaultServer { exchange in
            if exchange.number == 0 {
                exchange.answer("200 OK", ["ETag: \"1\""], "old")
            } else {
                exchange.answer("200 OK", ["ETag: \"1\""], "new")
            }
        }
        let cache = MemoryCache()
        _ = try await fetch(server.url("/f"), cache: cache)
        let checksum = Digest.sha256(of: Array("new".utf8))
        #expect(try await fetch(server.url("/f"), checksum: checksum, cache: cache).1 == "new")
        #expect(server.requests[1].field("If-None-Match") == nil)
    }
}
