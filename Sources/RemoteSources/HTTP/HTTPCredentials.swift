/// Finds what a request says about who asks.
struct HTTPCredentials: Sendable {
    /// The bytes of a secret by its name; nil when there is none.
    typealias Secrets = @Sendable (String) async throws -> [UInt8]?

    let secrets: Secrets

    /// The `Authorization` field for a URL: its own user, else the secret of its host; nil for none.
    ///
    /// The secrets are `HTTP_AUTH_HEADER_` and the host, the whole field, and `HTTP_AUTH_TOKEN_` and the host, a bearer's
    /// token. A host with its port goes before the host alone.
    func authorization(for url: RemoteURL) async throws -> String? {
        if let user = url.userInfo { return "Basic " + base64(user.percentDecoded) }
        for host in url.writtenPort == nil ? [url.host] : [url.authority, url.host] {
            if let header = try await secret("HTTP_AUTH_HEADER_", host) { return header }
            if let token = try await secret("HTTP_AUTH_TOKEN_", host) { return "Bearer " + token }
        }
        return nil
    }

    /// The `Authorization` field for a git server; nil for none.
    ///
    /// The secrets are `GIT_AUTH_HEADER` and `GIT_AUTH_TOKEN`, and before them the same with a dot and the host. Those
    /// without a host are for every server, so they do not go over a network unencrypted.
    func gitAuthorization(for url: RemoteURL) async throws -> String? {
        if let user = url.userInfo { return "Basic " + base64(user.percentDecoded) }
        let hosts = url.writtenPort == nil ? [url.host] : [url.authority, url.host]
        let isReadable = url.scheme == .http && url.host != "localhost" && url.literalAddress?.isLoopback != true
        for suffix in hosts.map({ ".\($0)" }) + (isReadable ? [] : [""]) {
            if let header = try await secret("GIT_AUTH_HEADER", suffix) { return header }
            if let token = try await secret("GIT_AUTH_TOKEN", suffix) {
                return "Basic " + base64(Array("x-access-token:\(token)".utf8))
            }
        }
        return nil
    }

    private func secret(_ name: String, _ host: String) async throws -> String? {
        guard var bytes = try await secrets(name + host) else { return nil }
        while let last = bytes.last, last == UInt8(ascii: "\n") || last == UInt8(ascii: "\r") { bytes.removeLast() }
        guard !bytes.isEmpty, bytes.count <= 16 << 10, let text = String(validating: bytes, as: UTF8.self),
            !bytes.contains(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7f })
        else { throw RemoteSourceError.badCredential(host: host.isEmpty ? name : host) }
        return text
    }
}
