internal import AsyncHTTPClient
internal import FileModel
internal import LinuxSystem
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import OCIModel

/// Fetches files over HTTP and HTTPS.
///
/// Threads and descriptors exist only while something is being fetched.
package actor HTTPFetcher {
    /// The bytes of a secret by its name; nil when there is none.
    package typealias Secrets = @Sendable (String) async throws -> [UInt8]?

    package nonisolated let options: HTTPOptions
    package nonisolated let proxies: ProxySettings
    nonisolated let credentials: HTTPCredentials
    private nonisolated let cache: (any HTTPCacheStorage)?

    /// There while ``users`` is above zero.
    private var group: MultiThreadedEventLoopGroup?
    private var users = 0

    /// Prepares fetches; nothing is opened or started yet.
    ///
    /// `secrets` is asked for `HTTP_AUTH_HEADER_` and `HTTP_AUTH_TOKEN_` with a host behind, for git for
    /// `GIT_AUTH_HEADER` and `GIT_AUTH_TOKEN`, alone and with a dot and a host behind.
    package init(
        options: HTTPOptions = HTTPOptions(),
        proxies: ProxySettings = ProxySettings(),
        cache: (any HTTPCacheStorage)? = nil,
        secrets: @escaping Secrets = { _ in nil }
    ) {
        self.options = options
        self.proxies = proxies
        self.cache = cache
        credentials = HTTPCredentials(secrets: secrets)
    }

    /// Fetches a file into `sink`, unless the server says that what is cached still holds.
    ///
    /// Redirects are followed, failures that may pass are tried again. What an attempt that failed has written stays in
    /// the sink when this throws.
    ///
    /// - Throws: ``RemoteSourceError``, `CancellationError`, or what the sink, the cache or the secrets throw.
    package nonisolated func fetch(
        _ request: HTTPFetchRequest,
        into sink: any FetchSink
    ) async throws -> HTTPFetchResult {
        let key = CachedResponse.key(for: request.url)
        var cached = request.wantsBytes ? nil : try await cache?.load(key)
        if let checksum = request.checksum, checksum.algorithm == .sha256, cached?.content.digest != checksum {
            cached = nil
        } else if request.checksum?.algorithm == .sha512 {
            cached = nil
        }
        let known = cached
        let received = try await withGroup { group in
            var transfer = HTTPTransfer(start: request.url, options: options, proxies: proxies, group: group)
            transfer.headers = Self.conditions(known)
            transfer.authorization = try await credentials.authorization(for: request.url)
            return try await transfer.run { response, origin, progress in
                try HTTPTransfer.check(response, origin.url, expecting: known == nil ? [200, 203] : [200, 203, 304])
                if response.status.code == 304 { return nil as CachedResponse? }
                let body = HTTPBody(
                    request: request,
                    origin: origin.url,
                    isDecoding: origin.isDecoding,
                    options: self.options
                )
                return try await body.read(response, into: sink, progress)
            }
        }
        guard let received else {
            guard let known else { throw RemoteSourceError.badStatus(url: "\(request.url)", code: 304, reason: "") }
            return HTTPFetchResult(content: known.content, isUnchanged: true)
        }
        if received.entityTag != nil || received.lastModified != nil { try await cache?.save(received, for: key) }
        return HTTPFetchResult(content: received.content, isUnchanged: false)
    }

    /// Where a URL leads to in the end, and at which address, without reading what is there.
    ///
    /// - Throws: ``RemoteSourceError``, or `CancellationError`.
    nonisolated func locate(_ url: RemoteURL, authorization: String?) async throws -> HTTPTransfer.Origin {
        try await withGroup { group in
            var transfer = HTTPTransfer(start: url, options: options, proxies: proxies, group: group)
            transfer.authorization = authorization
            return try await transfer.run { response, origin, _ in
                try HTTPTransfer.check(response, origin.url, expecting: [200])
                return origin
            }
        }
    }

    private static func conditions(_ cached: CachedResponse?) -> [(name: String, value: String)] {
        var headers: [(name: String, value: String)] = []
        if let tag = cached?.entityTag { headers.append(("If-None-Match", tag)) }
        if let time = cached?.lastModified { headers.append(("If-Modified-Since", time)) }
        return headers
    }

    private nonisolated func withGroup<Result: Sendable>(
        _ body: (MultiThreadedEventLoopGroup) async throws -> Result
    ) async throws -> Result {
        let group = await enter()
        do {
            let result = try await body(group)
            await leave()
            return result
        } catch {
            await leave()
            throw error
        }
    }

    private func enter() -> MultiThreadedEventLoopGroup {
        users += 1
        if let group { return group }
        let made = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        group = made
        return made
    }

    private func leave() async {
        users -= 1
        guard users == 0, let ending = group else { return }
        group = nil
        try? await ending.shutdownGracefully()
    }
}
