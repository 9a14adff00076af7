internal import AsyncHTTPClient
internal import ByteStrings
internal import FileModel
internal import LinuxSystem
internal import NIOCore
internal import NIOHTTP1

/// Leads one request from its first URL over all redirects to an answer, and tries again where that may help.
struct HTTPTransfer: Sendable {
    /// What a server said to one request.
    enum Step<Result: Sendable>: Sendable {
        case answer(Result)
        case redirect(RemoteURL)
    }

    /// Where an answer came from.
    struct Origin: Sendable {
        let url: RemoteURL

        /// The address that was connected to; nil when a proxy did that.
        let address: IPAddress?

        /// Whether an encoding of the body is undone on the way.
        let isDecoding: Bool
    }

    typealias Handler<Result> = @Sendable (HTTPClientResponse, Origin, TransferProgress) async throws -> Result

    let start: RemoteURL

    /// Sent to every server on the way.
    var headers: [(name: String, value: String)] = []

    /// Sent to the server of ``start`` alone.
    var authorization: String?
    var isDecoding = false

    let options: HTTPOptions
    let proxies: ProxySettings
    let group: any EventLoopGroup

    /// The most addresses of one host that are tried.
    private static let mostAddresses = 4

    /// Runs attempts until one succeeds or no further one makes sense.
    ///
    /// - Throws: ``RemoteSourceError``, `CancellationError`, or what `handler` throws.
    func run<Result: Sendable>(_ handler: @escaping Handler<Result>) async throws -> Result {
        var transfer = self
        var number = 1
        while true {
            do {
                return try await transfer.follow(handler)
            } catch let failure as TransferFailure {
                guard number < options.attempts else { throw exhausted(failure) }
                number += 1
                switch failure.remedy {
                case .none: throw failure.error
                case .decoding:
                    guard !transfer.isDecoding else { throw failure.error }
                    transfer.isDecoding = true
                case .otherAddress: try await pause(before: number, nil)
                case .later(let wish): try await pause(before: number, wish)
                }
            }
        }
    }

    /// The error after the last attempt.
    private func exhausted(_ failure: TransferFailure) -> RemoteSourceError {
        guard case .later(let wish?) = failure.remedy else { return failure.error }
        return .rateLimited(host: start.host, seconds: wish.components.seconds)
    }

    private func pause(before attempt: Int, _ wish: Duration?) async throws {
        if let wish {
            guard wish <= options.longestRetryDelay else {
                throw RemoteSourceError.rateLimited(host: start.host, seconds: wish.components.seconds)
            }
            return try await Task.sleep(for: wish)
        }
        let doublings = 1 << min(attempt - 2, 16)
        // Clients that failed together should not come back together.
        let delay = options.retryDelay * doublings * Double.random(in: 0.75...1.25)
        try await Task.sleep(for: min(delay, options.longestRetryDelay))
    }

    private func follow<Result: Sendable>(_ handler: @escaping Handler<Result>) async throws -> Result {
        var visited = [start.withoutUser]
        while true {
            let url = visited[visited.count - 1]
            switch try await step(url, handler) {
            case .answer(let result): return result
            case .redirect(let next):
                if url.scheme == .https && next.scheme == .http {
                    throw RemoteSourceError.downgradingRedirect(from: "\(url)", to: "\(next)")
                }
                let isKnown = visited.contains(next)
                visited.append(next)
                if isKnown { throw RemoteSourceError.redirectLoop(visited.map(\.description)) }
                if visited.count > options.redirectLimit + 1 {
                    throw RemoteSourceError.tooManyRedirects(visited.map(\.description))
                }
            }
        }
    }

    private func step<Result: Sendable>(
        _ url: RemoteURL,
        _ handler: @escaping Handler<Result>
    ) async throws -> Step<Result> {
        let progress = TransferProgress()
        return try await progress.watch(url, options) {
            let proxy = proxies.proxy(for: url)
            let addresses = try await addresses(of: url, isProxied: proxy != nil)
            for (number, address) in addresses.enumerated() {
                let exchange = HTTPExchange(
                    url: url,
                    address: url.literalAddress == nil ? address : nil,
                    proxy: proxy,
                    headers: headers(for: url),
                    options: options,
                    isDecoding: isDecoding
                )
                do {
                    return try await exchange.run(on: group, progress) { response in
                        if let next = try Self.redirect(response, from: url) { return .redirect(next) }
                        let origin = Origin(url: url, address: address, isDecoding: isDecoding)
                        return .answer(try await handler(response, origin, progress))
                    }
                } catch let failure as TransferFailure {
                    if failure.remedy != .otherAddress || number == addresses.count - 1 { throw failure }
                }
            }
            throw TransferFailure(.connectionFailed(url: "\(url)", reason: "its host has no address"))
        }
    }

    private func headers(for url: RemoteURL) -> [(name: String, value: String)] {
        guard let authorization, url.hasSameOrigin(as: start) else { return headers }
        return headers + [("Authorization", authorization)]
    }

    /// The addresses to try, in their order; nil where a proxy looks for them.
    private func addresses(of url: RemoteURL, isProxied: Bool) async throws -> [IPAddress?] {
        // Numbers are no names: a proxy would read them as the address that they are.
        let isNumber = url.host.split(separator: ".").last?.first?.isNumber ?? false
        if isProxied && url.literalAddress == nil && !isNumber { return [nil] }

        var found: [IPAddress] = []
        if let literal = url.literalAddress {
            found = [literal]
        } else {
            do {
                found = try await AddressLookup.addresses(of: url.host)
            } catch let error as HostNames.LookupError {
                throw TransferFailure(.hostNotFound(error), .later(nil))
            }
        }
        let allowed = found.filter { options.addresses.allows($0, for: url.host) }
        guard !allowed.isEmpty else { throw RemoteSourceError.addressDenied(host: url.host, address: found[0]) }
        return isProxied ? [nil] : Array(allowed.prefix(Self.mostAddresses))
    }

    /// The URL that an answer leads to; nil for one that leads nowhere else.
    private static func redirect(_ response: HTTPClientResponse, from url: RemoteURL) throws -> RemoteURL? {
        guard [301, 302, 303, 307, 308].contains(response.status.code) else { return nil }
        guard let location = response.headers.first(name: "Location"), !location.isEmpty else {
            throw RemoteSourceError.badRedirect(url: "\(url)", reason: "it does not say where to")
        }
        do throws(RemoteSourceError) {
            return try url.resolving(ByteString(location))
        } catch .unsupportedScheme(let scheme) {
            throw RemoteSourceError.badRedirect(url: "\(url)", reason: "to the scheme `\(scheme)`")
        } catch {
            throw RemoteSourceError.badRedirect(url: "\(url)", reason: "\(error)")
        }
    }

    /// Throws unless the answer is one of `expected`.
    static func check(_ response: HTTPClientResponse, _ url: RemoteURL, expecting expected: Set<UInt>) throws {
        let code = response.status.code
        if expected.contains(code) { return }
        let phrase = response.status.reasonPhrase.unicodeScalars.filter { (0x20..<0x7f).contains($0.value) }
        let reason = String(String.UnicodeScalarView(phrase.prefix(60)))
        let error = RemoteSourceError.badStatus(url: "\(url)", code: Int(code), reason: reason)
        switch code {
        case 429, 503: throw TransferFailure(error, .later(wait(response.headers)))
        case 408, 500, 502, 504: throw TransferFailure(error, .later(nil))
        default: throw error
        }
    }

    /// What `Retry-After` says; nil when it says nothing.
    ///
    /// Source: RFC 9110, 10.2.3.
    private static func wait(_ headers: HTTPHeaders) -> Duration? {
        guard let field = headers.first(name: "Retry-After") else { return nil }
        if let seconds = Int64(field), seconds >= 0 { return .seconds(min(seconds, 1 << 32)) }
        guard let date = HTTPDate.parse(field) else { return nil }
        let now = headers.first(name: "Date").flatMap(HTTPDate.parse) ?? WallClock.now
        return .seconds(max(0, date.seconds - now.seconds))
    }
}
