internal import NIOCore
internal import NIOHTTP1

/// Puts the whole URL into the request line, as a proxy for unencrypted HTTP wants it.
///
/// Source: RFC 9112, 3.2.2.
final class ProxyTarget: ChannelOutboundHandler, Sendable {
    typealias OutboundIn = HTTPClientRequestPart
    typealias OutboundOut = HTTPClientRequestPart

    private let url: String

    init(_ url: String) {
        self.url = url
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .head(var head) = unwrapOutboundIn(data) else { return context.write(data, promise: promise) }
        head.uri = url
        context.write(wrapOutboundOut(.head(head)), promise: promise)
    }

    /// Adds this to a connection that is set up but has sent nothing.
    func add(to channel: any Channel) -> EventLoopFuture<Void> {
        channel.eventLoop.submit {
            let pipeline = channel.pipeline.syncOperations
            let encoder = try pipeline.handler(type: HTTPRequestEncoder.self)
            try pipeline.addHandler(self, position: .after(encoder))
        }
    }
}
