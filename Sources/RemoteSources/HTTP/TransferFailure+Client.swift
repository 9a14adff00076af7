internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1
internal import NIOSSL
internal import SystemPackage

extension TransferFailure {
    /// What an error of the HTTP client means; nil for one that comes from elsewhere.
    init?(_ error: any Error, url: String, received: UInt64, patience: HTTPOptions) {
        let stall = patience.stallTimeout.components.seconds
        switch error {
        case let error as HTTPClientError:
            self.init(error, url, received, stall)
        case HTTPParserError.invalidEOFState:
            self.init(.truncated(url: url, expected: nil, received: received), .later(nil))
        case let error as HTTPParserError:
            self.init(.badResponse(url: url, reason: "\(error)"))
        case NIOSSLError.uncleanShutdown:
            self.init(.truncated(url: url, expected: nil, received: received), .later(nil))
        case let error as NIOSSLError:
            self.init(.untrustedServer(url: url, reason: Self.reason(error)))
        case let error as NIOSSLExtraError:
            self.init(.untrustedServer(url: url, reason: "\(error)"))
        case let error as BoringSSLError:
            self.init(.untrustedServer(url: url, reason: "\(error)"))
        case let error as IOError:
            self.init(error, url)
        case ChannelError.inputClosed, ChannelError.eof, ChannelError.ioOnClosedChannel, ChannelError.alreadyClosed:
            self.init(.connectionFailed(url: url, reason: "the server closed the connection"), .later(nil))
        case let error as ChannelError:
            self.init(.connectionFailed(url: url, reason: "\(error)"), .otherAddress)
        default:
            return nil
        }
    }

    private init(_ error: HTTPClientError, _ url: String, _ received: UInt64, _ stall: Int64) {
        switch error {
        case .remoteConnectionClosed:
            let broken = RemoteSourceError.truncated(url: url, expected: nil, received: received)
            let closed = RemoteSourceError.connectionFailed(url: url, reason: "the server closed the connection")
            self.init(received > 0 ? broken : closed, .later(nil))
        case .connectTimeout, .tlsHandshakeTimeout, .httpProxyHandshakeTimeout, .socksHandshakeTimeout,
            .getConnectionFromPoolTimeout:
            self.init(.connectionFailed(url: url, reason: "no connection came about in time"), .otherAddress)
        case .readTimeout, .writeTimeout, .deadlineExceeded:
            self.init(.stalled(url: url, seconds: stall), .later(nil))
        case .uncleanShutdown:
            self.init(.truncated(url: url, expected: nil, received: received), .later(nil))
        case .proxyAuthenticationRequired:
            self.init(.connectionFailed(url: url, reason: "the proxy wants a user and a password"))
        case .invalidProxyResponse:
            self.init(.connectionFailed(url: url, reason: "the proxy gave no valid answer"))
        default:
            self.init(.badResponse(url: url, reason: error.shortDescription))
        }
    }

    private init(_ error: IOError, _ url: String) {
        let errno = Errno(rawValue: error.errnoCode)
        let text = errno.description
        let reason = text.prefix(1).lowercased() + text.dropFirst()
        let isConnecting: Set<Errno> = [
            .connectionRefused, .noRouteToHost, .networkUnreachable, .timedOut, .addressNotAvailable,
            .addressFamilyNotSupported, .permissionDenied,
        ]
        let failed = RemoteSourceError.connectionFailed(url: url, reason: reason)
        self.init(failed, isConnecting.contains(errno) ? .otherAddress : .later(nil))
    }

    private static func reason(_ error: NIOSSLError) -> String {
        if case .handshakeFailed(let reason) = error { return "\(reason)" }
        return "\(error)"
    }
}
