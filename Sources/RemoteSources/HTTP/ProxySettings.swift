package import ByteStrings
import LinuxSystem

/// Which proxy leads to which server.
package struct ProxySettings: Hashable, Sendable {
    /// A proxy that is spoken to without encryption.
    struct Proxy: Hashable, Sendable {
        enum Kind: Hashable, Sendable {
            case http, socks
        }

        var kind: Kind
        var host: String
        var port: UInt16

        /// User and password as they are, a colon in between; nil for none.
        var user: ByteString?

        /// Host and port as they stand in a URL.
        var authority: String {
            host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        }
    }

    private var http: Proxy?
    private var https: Proxy?
    private var exceptions: [String] = []

    /// No proxy for anybody.
    package init() {}

    /// What `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` say, in lower case before upper case.
    ///
    /// - Throws: ``RemoteSourceError``, `badProxy` for one that cannot be read or is to be spoken to with TLS.
    package init(environment: [ByteString: ByteString]) throws(RemoteSourceError) {
        func value(_ name: String) -> ByteString? {
            let value = environment[ByteString(name.asciiLowercased)] ?? environment[ByteString(name)]
            return value?.isEmpty == true ? nil : value
        }
        http = try Self.read(value("HTTP_PROXY"), "HTTP_PROXY")
        https = try Self.read(value("HTTPS_PROXY"), "HTTPS_PROXY")
        exceptions = (value("NO_PROXY") ?? "").description.asciiLowercased
            .split { $0 == "," || $0.isWhitespace }.map(String.init)
    }

    /// The proxy for a URL; nil for a direct connection, which loopback always gets.
    func proxy(for url: RemoteURL) -> Proxy? {
        guard let proxy = url.scheme == .http ? http : https else { return nil }
        let address = url.literalAddress
        if url.host == "localhost" || address?.isLoopback == true { return nil }
        return exceptions.contains { Self.matches($0, url, address) } ? nil : proxy
    }

    private static func read(_ value: ByteString?, _ variable: String) throws(RemoteSourceError) -> Proxy? {
        guard let value else { return nil }
        var text = value
        var kind = Proxy.Kind.http
        for scheme in ["socks5h://", "socks5://", "socks://"] where value.hasPrefix(ByteString(scheme)) {
            kind = .socks
            text = ByteString(Array("http://".utf8) + value.bytes.dropFirst(scheme.utf8.count))
        }
        if value.description.asciiLowercased.hasPrefix("https://") {
            throw .badProxy(variable: variable, reason: "a proxy with TLS is not supported, write `http://`")
        }
        if !text.hasPrefix("http://") { text = ByteString(Array("http://".utf8) + text.bytes) }
        do throws(RemoteSourceError) {
            let url = try RemoteURL(text)
            let port = url.writtenPort ?? (kind == .socks ? 1080 : 80)
            let user = url.userInfo.map { ByteString($0.percentDecoded) }
            return Proxy(kind: kind, host: url.host, port: port, user: user)
        } catch {
            throw .badProxy(variable: variable, reason: "it is not the URL of a host")
        }
    }

    /// One entry of `NO_PROXY`: `*`, an address, a block of addresses, or the end of a name; a port may follow.
    private static func matches(_ entry: String, _ url: RemoteURL, _ address: IPAddress?) -> Bool {
        if entry == "*" { return true }
        if let address, let slash = entry.firstIndex(of: "/") {
            guard let base = IPAddress(ByteString(String(entry[..<slash]))),
                let bits = Int(entry[entry.index(after: slash)...])
            else { return false }
            return AddressBlock(base, bits: bits).contains(address)
        }
        if let address, let same = IPAddress(ByteString(entry)) { return same == address }
        var name = entry
        if let colon = entry.lastIndex(of: ":"), let port = UInt16(entry[entry.index(after: colon)...]) {
            guard port == url.port else { return false }
            name = String(entry[..<colon])
        }
        if name.hasPrefix("*.") { name.removeFirst() }
        if name.hasPrefix(".") { return url.host.hasSuffix(name) }
        return !name.isEmpty && (url.host == name || url.host.hasSuffix("." + name))
    }
}

extension IPAddress {
    var isLoopback: Bool {
        bytes.count == 4 ? bytes[0] == 127 : bytes == [UInt8](repeating: 0, count: 15) + [1]
    }
}
