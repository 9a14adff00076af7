internal import ByteStrings
internal import LinuxSystem

/// A repository of somebody else, checked and ready to be asked.
struct GitRemote: Sendable {
    /// Who names a repository, which decides whether the caller's credentials are for it.
    enum Place: Sendable {
        /// The Dockerfile or the command line.
        case outermost

        /// A repository below one that is at this URL; nil where that one is not reached over HTTP.
        case submodule(of: RemoteURL?)
    }

    /// What git is given.
    let url: ByteString

    /// The same for people.
    let shown: String

    /// Configuration for commands that talk to it.
    let settings: [(String, ByteString)]

    /// Checks where `reference` leads to.
    ///
    /// git follows no redirect itself; HTTP ones are followed here, where each hop is held against the policy, and the
    /// address that was found good is the one that git connects to. Whoever writes a repository chooses where its
    /// submodules are, so those get credentials only from the server of the outermost one.
    ///
    /// - Throws: ``RemoteSourceError``, `CancellationError`, or what secrets throw.
    static func locate(_ reference: GitReference, _ http: HTTPFetcher, _ place: Place) async throws -> GitRemote {
        let shown = "\(reference)"
        guard reference.transport == .http || reference.transport == .https else {
            try await check(reference.host, http.options.addresses)
            return GitRemote(url: reference.remote, shown: shown, settings: [])
        }
        let base = try RemoteURL(reference.remote)
        let asked = RemoteURL(
            scheme: base.scheme,
            userInfo: reference.userInfo,
            host: base.host,
            port: base.writtenPort,
            path: base.path,
            query: nil
        )
        let isAuthorized =
            switch place {
            case .outermost: true
            case .submodule(let outermost): outermost?.hasSameOrigin(as: base) == true
            }
        let authorization = isAuthorized ? try await http.credentials.gitAuthorization(for: asked) : nil
        let probe = base.replacing(path: base.path + "/info/refs", query: "service=git-upload-pack")
        let origin: HTTPTransfer.Origin
        do {
            origin = try await http.locate(probe, authorization: authorization)
        } catch let error as RemoteSourceError {
            throw error.about(shown, insteadOf: "\(probe)")
        }
        guard origin.url.path.hasSuffix("/info/refs") else {
            throw RemoteSourceError.gitFailed(
                remote: shown,
                reason: "it redirects to `\(origin.url)`, which is no repository"
            )
        }
        let final = origin.url.replacing(path: String(origin.url.path.dropLast("/info/refs".utf8.count)), query: nil)
        var settings: [(String, ByteString)] = []
        if let authorization, final.hasSameOrigin(as: base) {
            settings.append(
                (
                    "http.\(final.scheme.rawValue)://\(final.authority)/.extraHeader",
                    ByteString("Authorization: \(authorization)")
                )
            )
        }
        if let address = origin.address, final.literalAddress == nil, http.proxies.proxy(for: final) == nil {
            let written = address.isVersion6 ? "[\(address)]" : "\(address)"
            settings.append(("http.curloptResolve", ByteString("\(final.host):\(final.port):\(written)")))
        }
        if let certificates = http.options.certificates { settings.append(("http.sslCAInfo", certificates)) }
        return GitRemote(url: ByteString(final.text), shown: shown, settings: settings)
    }

    private static func check(_ host: String, _ policy: AddressPolicy) async throws {
        let found: [IPAddress]
        if let literal = IPAddress(ByteString(host)) {
            found = [literal]
        } else {
            do {
                found = try await AddressLookup.addresses(of: host)
            } catch let error as HostNames.LookupError {
                throw RemoteSourceError.hostNotFound(error)
            }
        }
        // git looks the name up again, so one address too many is one too many.
        if let denied = found.first(where: { !policy.allows($0, for: host) }) {
            throw RemoteSourceError.addressDenied(host: host, address: denied)
        }
    }
}
