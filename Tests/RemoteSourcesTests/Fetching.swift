import ByteStrings
import Foundation
import LinuxSystem
import OCIModel
import Synchronization
import TestSupport
import Testing

@testable import RemoteSources

/// Keeps what is fetched in memory.
final class MemoryFetchSink: FetchSink {
    private let kept = Mutex<[UInt8]>([])

    var text: String { kept.withLock { String(decoding: $0, as: UTF8.self) } }
    var count: Int { kept.withLock { $0.count } }

    func restart() throws { kept.withLock { $0 = [] } }
    func write(_ bytes: UnsafeRawBufferPointer) throws { kept.withLock { $0 += bytes } }
}

/// Remembers answers for the length of a test.
final class MemoryCache: HTTPCacheStorage {
    private let kept = Mutex<[Digest: CachedResponse]>([:])

    func load(_ key: Digest) async throws -> CachedResponse? { kept.withLock { $0[key] } }
    func save(_ response: CachedResponse, for key: Digest) async throws { kept.withLock { $0[key] = response } }
}

/// Short waits between attempts, and few of them.
let impatient: HTTPOptions = {
    var options = HTTPOptions()
    options.retryDelay = .milliseconds(5)
    options.longestRetryDelay = .seconds(3)
    options.attempts = 3
    return options
}()

/// As little patience with silence as a busy machine lets.
let hasty: HTTPOptions = {
    var options = impatient
    options.stallTimeout = .seconds(2)
    return options
}()

/// Fetches a URL; what it came to and the bytes.
func fetch(
    _ url: String,
    _ options: HTTPOptions = impatient,
    checksum: Digest? = nil,
    cache: (any HTTPCacheStorage)? = nil,
    proxies: ProxySettings = ProxySettings(),
    secrets: [String: String] = [:]
) async throws -> (HTTPFetchResult, String) {
    let fetcher = HTTPFetcher(options: options, proxies: proxies, cache: cache) { secrets[$0].map { Array($0.utf8) } }
    let sink = MemoryFetchSink()
    let result = try await fetcher.fetch(HTTPFetchRequest(RemoteURL(ByteString(url)), checksum: checksum), into: sink)
    return (result, sink.text)
}

/// The error that a fetch ends with; nil for a good end or an error of another kind.
func failure(of body: () async throws -> Void) async -> RemoteSourceError? {
    do {
        try await body()
        return nil
    } catch {
        if !(error is RemoteSourceError) { Issue.record("unexpected \(error)") }
        return error as? RemoteSourceError
    }
}
