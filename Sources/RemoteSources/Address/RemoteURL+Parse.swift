package import ByteStrings
import LinuxSystem

extension RemoteURL {
    /// The longest URL that is taken.
    private static let longest = 16 << 10

    /// Reads an absolute URL; spaces and bytes beyond ASCII are percent-encoded, as browsers do.
    ///
    /// - Throws: ``RemoteSourceError``, `badURL` or `unsupportedScheme`.
    package init(_ text: ByteString) throws(RemoteSourceError) {
        let bytes = text.bytes
        func bad(_ reason: String) -> RemoteSourceError { .badURL(Self.shown(text), reason: reason) }

        guard bytes.count <= Self.longest else { throw bad("it is longer than \(Self.longest) bytes") }
        guard !bytes.contains(where: { $0 < 0x20 || $0 == 0x7f }) else { throw bad("it holds control characters") }
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else { throw bad("the scheme is missing") }
        let name = String(decoding: bytes[..<colon], as: UTF8.self).asciiLowercased
        guard let scheme = Scheme(rawValue: name) else { throw .unsupportedScheme(name) }
        guard bytes[(colon + 1)...].starts(with: "//".utf8) else { throw bad("`//` is missing after the scheme") }

        let rest = bytes[(colon + 3)...].prefix { $0 != UInt8(ascii: "#") }
        let authority = rest.prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
        let target = rest[authority.endIndex...]
        let path = target.prefix { $0 != UInt8(ascii: "?") }
        let query = path.endIndex < target.endIndex ? target[(path.endIndex + 1)...] : nil

        // Some readers take it for a slash, and so another part for the host.
        guard !authority.contains(UInt8(ascii: "\\")) else { throw bad("there is a backslash before its path") }
        var user: ByteString?
        var place = authority
        if let at = authority.lastIndex(of: UInt8(ascii: "@")) {
            user = ByteString(authority[..<at])
            place = authority[(at + 1)...]
        }
        let (host, port): (String, UInt16?)
        do throws(HostProblem) {
            (host, port) = try Self.readHost(place)
        } catch {
            throw bad(error.reason)
        }
        self.init(
            scheme: scheme,
            userInfo: user,
            host: host,
            port: port,
            path: path.isEmpty ? "/" : Self.encoded(path),
            query: query.map(Self.encoded)
        )
    }

    /// The URL that `reference`, written in an answer from this one, means.
    ///
    /// Users are not taken over. Source: RFC 3986, 5.2.
    ///
    /// - Throws: ``RemoteSourceError``, `badURL` or `unsupportedScheme`.
    package func resolving(_ reference: ByteString) throws(RemoteSourceError) -> RemoteURL {
        let bytes = reference.bytes.prefix { $0 != UInt8(ascii: "#") }
        if bytes.starts(with: "//".utf8) {
            return try RemoteURL(ByteString(Array("\(scheme.rawValue):".utf8) + bytes)).withoutUser
        }
        let head = bytes.prefix { Self.isSchemeCharacter($0) }
        if !head.isEmpty, head.endIndex < bytes.endIndex, bytes[head.endIndex] == UInt8(ascii: ":") {
            return try RemoteURL(ByteString(bytes)).withoutUser
        }
        guard !bytes.contains(where: { $0 < 0x20 || $0 == 0x7f }) else {
            throw .badURL(Self.shown(reference), reason: "it holds control characters")
        }
        let written = bytes.prefix { $0 != UInt8(ascii: "?") }
        var query = written.endIndex < bytes.endIndex ? Self.encoded(bytes[(written.endIndex + 1)...]) : nil
        var path = Self.encoded(written)
        if path.isEmpty {
            path = self.path
            if query == nil { query = self.query }
        } else if !path.hasPrefix("/") {
            path = String(self.path[...(self.path.lastIndex(of: "/") ?? self.path.startIndex)]) + path
        }
        return withoutUser.replacing(path: Self.withoutDots(path), query: query)
    }

    private static func isSchemeCharacter(_ byte: UInt8) -> Bool {
        isLetterOrDigit(byte) || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || isDigit(byte)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private struct HostProblem: Error {
        let reason: String
    }

    /// Host and port; only what every reader takes for the same host is let through.
    private static func readHost(_ place: ArraySlice<UInt8>) throws(HostProblem) -> (String, UInt16?) {
        var host = place
        var port: ArraySlice<UInt8>?
        if place.first == UInt8(ascii: "[") {
            guard let end = place.firstIndex(of: UInt8(ascii: "]")) else {
                throw HostProblem(reason: "the bracket of its address is open")
            }
            host = place[(place.startIndex + 1)..<end]
            let rest = place[(end + 1)...]
            guard rest.isEmpty || rest.first == UInt8(ascii: ":") else {
                throw HostProblem(reason: "something follows its address")
            }
            port = rest.isEmpty ? nil : rest.dropFirst()
            guard let address = IPAddress(ByteString(host)), address.isVersion6 else {
                throw HostProblem(reason: "what is in brackets is no address of version 6")
            }
            return (address.description, try readPort(port))
        }
        if let colon = place.firstIndex(of: UInt8(ascii: ":")) {
            host = place[..<colon]
            port = place[(colon + 1)...]
        }
        guard !host.isEmpty else { throw HostProblem(reason: "the host is missing") }
        guard host.count <= 253, host.first != UInt8(ascii: "-"), host.allSatisfy(isHostCharacter) else {
            throw HostProblem(
                reason: "the host may hold letters, digits, `-`, `_` and `.` alone; write others in punycode"
            )
        }
        return (String(decoding: host, as: UTF8.self).asciiLowercased, try readPort(port))
    }

    private static func isHostCharacter(_ byte: UInt8) -> Bool {
        isLetterOrDigit(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
    }

    private static func readPort(_ digits: ArraySlice<UInt8>?) throws(HostProblem) -> UInt16? {
        guard let digits, !digits.isEmpty else { return nil }
        guard digits.allSatisfy(isDigit), let port = UInt16(String(decoding: digits, as: UTF8.self)), port > 0 else {
            throw HostProblem(reason: "its port is not a number from 1 to 65535")
        }
        return port
    }

    private static let plain = Set("!$%&'()*+,-./:;=?@_~".utf8)

    /// Percent-encodes what may not stand in a path or query; a percent sign stays where two digits follow.
    private static func encoded(_ bytes: ArraySlice<UInt8>) -> String {
        var text: [UInt8] = []
        for (index, byte) in zip(bytes.indices, bytes) {
            let isStray = byte == UInt8(ascii: "%") && !bytes[(index + 1)...].prefix(2).isHexPair
            if (isLetterOrDigit(byte) || plain.contains(byte)) && !isStray {
                text.append(byte)
            } else {
                let hex = String(byte, radix: 16, uppercase: true)
                text.append(contentsOf: (hex.count == 1 ? "%0\(hex)" : "%\(hex)").utf8)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Source: RFC 3986, 5.2.4.
    private static func withoutDots(_ path: String) -> String {
        var kept: [Substring] = []
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        for part in parts {
            if part == ".." {
                _ = kept.popLast()
            } else if part != "." {
                kept.append(part)
            }
        }
        if let last = parts.last, last == "." || last == ".." { kept.append("") }
        return "/" + kept.joined(separator: "/")
    }

    /// A text that is no URL, for people, without what may be a password.
    private static func shown(_ text: ByteString) -> String { ShownAddress.text(text, keys: nil) }
}
