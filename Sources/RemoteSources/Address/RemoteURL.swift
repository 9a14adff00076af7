package import ByteStrings
package import LinuxSystem

/// An `http` or `https` URL, in one form for everybody who reads it.
///
/// Source: RFC 3986. The fragment is left out, since it is never sent.
package struct RemoteURL: Hashable, Sendable {
    package enum Scheme: String, Hashable, Sendable, CaseIterable {
        case http, https
    }

    package let scheme: Scheme

    /// What stands before the `@`, percent-encoded as it was; nil for none.
    package let userInfo: ByteString?

    /// A name or an address in lower case, without the brackets of version 6.
    package let host: String

    /// The port that is written; nil for the scheme's own.
    package let writtenPort: UInt16?

    /// Percent-encoded, with a slash at its front.
    package let path: String

    /// Percent-encoded, without the question mark; nil for none.
    package let query: String?

    init(scheme: Scheme, userInfo: ByteString?, host: String, port: UInt16?, path: String, query: String?) {
        self.scheme = scheme
        self.userInfo = userInfo
        self.host = host
        writtenPort = port
        self.path = path
        self.query = query
    }

    /// The port that is connected to.
    package var port: UInt16 {
        writtenPort ?? (scheme == .http ? 80 : 443)
    }

    /// The address that the host is written as; nil for a name.
    package var literalAddress: IPAddress? { IPAddress(ByteString(host)) }

    /// Whether both mean one server by one scheme, which is who credentials are for.
    package func hasSameOrigin(as other: RemoteURL) -> Bool {
        scheme == other.scheme && host == other.host && port == other.port
    }

    /// The host as it stands in a URL, and its port if that is written.
    package var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return writtenPort.map { "\(name):\($0)" } ?? name
    }

    /// The whole URL without the user.
    package var text: String {
        "\(scheme.rawValue)://\(authority)\(path)\(query.map { "?\($0)" } ?? "")"
    }

    /// The same URL for another path of the server.
    func replacing(path: String, query: String?) -> RemoteURL {
        RemoteURL(scheme: scheme, userInfo: userInfo, host: host, port: writtenPort, path: path, query: query)
    }

    var withoutUser: RemoteURL {
        RemoteURL(scheme: scheme, userInfo: nil, host: host, port: writtenPort, path: path, query: query)
    }
}

extension RemoteURL: CustomStringConvertible {
    /// The URL for people: the user and the values of the query, which may be secrets, are `xxxxx`.
    package var description: String {
        let user = userInfo == nil ? "" : "xxxxx@"
        let shown = query.map { query in
            let fields = query.split(separator: "&", omittingEmptySubsequences: false).map { field in
                field.firstIndex(of: "=").map { "\(field[..<$0])=xxxxx" } ?? String(field)
            }
            return "?" + fields.joined(separator: "&")
        }
        return "\(scheme.rawValue)://\(user)\(authority)\(path)\(shown ?? "")"
    }
}
