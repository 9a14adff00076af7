internal import AsyncHTTPClient
internal import ByteStrings
internal import LinuxSystem
internal import NIOCore
internal import NIOHTTP1
internal import NIOHTTPCompression
internal import NIOSSL

/// One request over a connection of its own.
struct HTTPExchange: Sendable {
    let url: RemoteURL

    /// What the host's name stands for; nil to connect to what the URL or the proxy says.
    let address: IPAddress?
    let proxy: ProxySettings.Proxy?
    let headers: [(name: String, value: String)]
    let options: HTTPOptions

    /// Whether a gzip or deflate encoding of the body is undone.
    let isDecoding: Bool

    /// Sends a GET and hands the answer to `body`; nothing of the connection is left afterwards.
    ///
    /// - Throws: ``TransferFailure``, or what `body` throws.
    func run<Result: Sendable>(
        on group: any EventLoopGroup,
        _ progress: TransferProgress,
        _ body: @Sendable (HTTPClientResponse) async throws -> Result
    ) async throws -> Result {
        let client = HTTPClient(eventLoopGroup: group, configuration: try configuration())
        do {
            let response = try await client.execute(request(), deadline: .distantFuture)
            progress.noteHead()
            let result = try await body(response)
            try await client.shutdown()
            return result
        } catch {
            try? await client.shutdown()
            try Task.checkCancellation()
            let failure = TransferFailure(error, url: "\(url)", received: progress.received, patience: options)
            throw failure ?? error
        }
    }

    private func request() -> HTTPClientRequest {
        var request = HTTPClientRequest(url: plainProxy.map { "http://\($0.authority)/" } ?? url.text)
        request.headers.add(name: "User-Agent", value: "slipway")
        request.headers.add(name: "Accept", value: "*/*")
        // The bytes are wanted as the server keeps them: their digest may have been published.
        request.headers.add(name: "Accept-Encoding", value: isDecoding ? "gzip" : "identity")
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let plainProxy {
            request.headers.add(name: "Host", value: url.authority)
            if let user = plainProxy.user {
                request.headers.add(name: "Proxy-Authorization", value: "Basic " + base64(user.bytes))
            }
        }
        return request
    }

    /// The proxy, if it is one that is given whole requests; a tunnel to port 80 is what most of them refuse.
    private var plainProxy: ProxySettings.Proxy? {
        guard let proxy, proxy.kind == .http, url.scheme == .http else { return nil }
        return proxy
    }

    private func configuration() throws -> HTTPClient.Configuration {
        var tls = TLSConfiguration.makeClientConfiguration()
        if let certificates = options.certificates { tls.trustRoots = .file(certificates.description) }
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: tls,
            redirectConfiguration: .disallow,
            timeout: HTTPClient.Configuration.Timeout(connect: TimeAmount(options.connectTimeout)),
            decompression: isDecoding ? .enabled(limit: .none) : .disabled
        )
        configuration.httpVersion = .http1Only
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.connectionPool.preWarmedHTTP1ConnectionCount = 0
        if let address { configuration.dnsOverride = [url.host: address.description] }
        if plainProxy != nil {
            let target = ProxyTarget(url.text)
            configuration.http1_1ConnectionDebugInitializer = { target.add(to: $0) }
        } else if let proxy {
            configuration.proxy = proxy.clientProxy
        }
        return configuration
    }
}

extension ProxySettings.Proxy {
    fileprivate var clientProxy: HTTPClient.Configuration.Proxy {
        switch kind {
        case .socks: .socksServer(host: host, port: Int(port))
        case .http:
            if let user {
                .server(host: host, port: Int(port), authorization: .basic(credentials: base64(user.bytes)))
            } else {
                .server(host: host, port: Int(port))
            }
        }
    }
}
