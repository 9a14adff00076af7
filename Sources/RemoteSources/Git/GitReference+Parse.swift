package import ByteStrings
import LinuxSystem

extension GitReference {
    /// Reads a text; nil when it is none of the forms of a git reference.
    ///
    /// They are `ssh://`, `git://`, `http://` and `https://` with a path that ends in `.git`, `user@host:path` and
    /// `github.com/…`, each with a fragment `#ref:folder` or a query behind.
    ///
    /// - Throws: ``RemoteSourceError``, `badGitReference` for one of those forms with something wrong in it.
    package init?(_ text: ByteString) throws(RemoteSourceError) {
        let bytes = text.bytes
        if text.hasPrefix("github.com/") {
            let (place, query, fragment) = Self.split(bytes)
            let url = try Self.url(ByteString(Array("https://".utf8) + place), text)
            self.init(url)
            try readOptions(query, fragment.map { $0.percentDecoded }, text)
        } else if let scheme = Self.scheme(of: bytes) {
            guard let transport = Transport(rawValue: scheme) else { return nil }
            let (place, query, fragment) = Self.split(bytes)
            switch transport {
            case .http, .https:
                let path = place.dropFirst(scheme.utf8.count + 3).drop { $0 != ByteString.slash }
                guard ByteString(path.percentDecoded).hasSuffix(".git") else { return nil }
                self.init(try Self.url(ByteString(place), text))
            case .ssh, .git:
                try self.init(transport, place, text)
            }
            try readOptions(query, fragment.map { $0.percentDecoded }, text)
        } else {
            let (place, query, fragment) = Self.split(bytes)
            guard let host = Self.scpHost(place) else { return nil }
            self.init(transport: .ssh, remote: ByteString(place), host: host.asciiLowercased)
            let path = place[((place.firstIndex(of: UInt8(ascii: ":")) ?? 0) + 1)...]
            try Self.check(user: place.prefix { $0 != UInt8(ascii: "@") }, path: path, host: host, text)
            try readOptions(query, fragment.map { Array($0) }, text)
        }
    }

    private init(_ url: RemoteURL) {
        self.init(
            transport: url.scheme == .http ? .http : .https,
            remote: ByteString(url.withoutUser.text),
            host: url.host
        )
        userInfo = url.userInfo
    }

    private init(transport: Transport, remote: ByteString, host: String) {
        self.transport = transport
        self.remote = remote
        self.host = host
    }

    /// `ssh://` and `git://`: the parts are those of an HTTP URL, but the text is kept as it is.
    private init(_ transport: Transport, _ place: ArraySlice<UInt8>, _ text: ByteString) throws(RemoteSourceError) {
        let rest = place.dropFirst(transport.rawValue.utf8.count + 3)
        let url = try Self.url(ByteString(Array("http://".utf8) + rest), text)
        try Self.check(user: ArraySlice(url.userInfo?.bytes ?? []), path: rest[rest.endIndex...], host: url.host, text)
        guard url.path != "/" else { throw Self.bad(text, "the path is missing") }
        self.init(
            transport: transport,
            remote: ByteString(Array("\(transport.rawValue)://".utf8) + rest),
            host: url.host
        )
    }

    private static func bad(_ text: ByteString, _ reason: String) -> RemoteSourceError {
        .badGitReference(ShownAddress.text(text, keys: ShownAddress.gitKeys), reason: reason)
    }

    private static func url(_ written: ByteString, _ text: ByteString) throws(RemoteSourceError) -> RemoteURL {
        do throws(RemoteSourceError) {
            return try RemoteURL(written)
        } catch .badURL(_, let reason) {
            throw bad(text, reason)
        } catch {
            throw bad(text, "\(error)")
        }
    }

    /// What stands before `://`, in lower case.
    private static func scheme(of bytes: [UInt8]) -> String? {
        guard let end = bytes.firstRange(of: "://".utf8)?.lowerBound, end > 0 else { return nil }
        let name = bytes[..<end]
        let isName = name.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        }
        return isName ? String(decoding: name, as: UTF8.self).asciiLowercased : nil
    }

    /// Place, query and fragment; of the last two, nil where their mark is missing.
    private static func split(
        _ bytes: [UInt8]
    ) -> (ArraySlice<UInt8>, query: ArraySlice<UInt8>?, fragment: ArraySlice<UInt8>?) {
        let front = bytes.prefix { $0 != UInt8(ascii: "#") }
        let place = front.prefix { $0 != UInt8(ascii: "?") }
        return (
            place,
            place.endIndex < front.endIndex ? front[(place.endIndex + 1)...] : nil,
            front.endIndex < bytes.endIndex ? bytes[(front.endIndex + 1)...] : nil
        )
    }

    /// The host of `user@host:path`.
    private static func scpHost(_ place: ArraySlice<UInt8>) -> String? {
        func isWord(_ byte: UInt8) -> Bool {
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
        }
        let user = place.prefix { isWord($0) || $0 == UInt8(ascii: "_") }
        guard !user.isEmpty, user.endIndex < place.endIndex, place[user.endIndex] == UInt8(ascii: "@") else {
            return nil
        }
        let host = place[(user.endIndex + 1)...].prefix { isWord($0) || $0 == UInt8(ascii: ".") }
        guard !host.isEmpty, host.endIndex < place.endIndex, place[host.endIndex] == UInt8(ascii: ":") else {
            return nil
        }
        return String(decoding: host, as: UTF8.self)
    }

    /// Refuses what ssh or git could take for an option.
    private static func check(
        user: ArraySlice<UInt8>,
        path: ArraySlice<UInt8>,
        host: String,
        _ text: ByteString
    ) throws(RemoteSourceError) {
        let dash = UInt8(ascii: "-")
        if user.first == dash || user.percentDecoded.first == dash || host.hasPrefix("-") || path.first == dash {
            throw bad(text, "no part of it may begin with `-`")
        }
        if text.bytes.contains(where: { $0 < 0x20 || $0 == 0x7f }) { throw bad(text, "it holds control characters") }
    }

    private mutating func readOptions(
        _ query: ArraySlice<UInt8>?,
        _ fragment: [UInt8]?,
        _ text: ByteString
    ) throws(RemoteSourceError) {
        var folder: ByteString?
        if let fragment {
            let name = fragment.prefix { $0 != UInt8(ascii: ":") }
            if !name.isEmpty { ref = ByteString(name) }
            if name.endIndex < fragment.endIndex { folder = ByteString(fragment[(name.endIndex + 1)...]) }
            if folder?.isEmpty == true { folder = nil }
        }
        if let query { try readQuery(query, &folder, text) }
        if let ref, !Self.isRefName(ref) { throw Self.bad(text, "`\(ref)` can be no branch, tag or commit") }
        if let checksum {
            guard (4...64).contains(checksum.utf8.count), checksum.utf8.allSatisfy({ $0.hexValue != nil }) else {
                throw Self.bad(text, "the checksum `\(checksum)` is not the name of a commit or its beginning")
            }
        }
        let components = (folder ?? "").pathComponents
        if components.contains("..") || folder?.bytes.contains(0) == true {
            throw Self.bad(text, "the folder leads out of the repository")
        }
        subdirectory = components.joinedAsPath
    }

    private mutating func readQuery(
        _ query: ArraySlice<UInt8>,
        _ folder: inout ByteString?,
        _ text: ByteString
    ) throws(RemoteSourceError) {
        var values: [String: ByteString] = [:]
        for field in query.split(separator: UInt8(ascii: "&")) {
            let name = field.prefix { $0 != UInt8(ascii: "=") }
            let value = field[name.endIndex...].dropFirst().map { $0 == UInt8(ascii: "+") ? UInt8(ascii: " ") : $0 }
            let key = String(decoding: name.percentDecoded, as: UTF8.self)
            guard values.updateValue(ByteString(value.percentDecoded), forKey: key) == nil else {
                throw Self.bad(text, "the query has `\(key)` twice")
            }
        }
        for (key, value) in values.sorted(by: { $0.key < $1.key }) {
            if value.isEmpty, !["submodules", "keep-git-dir", "fetch-by-commit"].contains(key) {
                throw Self.bad(text, "`\(key)` of the query has no value")
            }
            switch key {
            case "ref": try Self.set(&ref, value, key, text)
            case "tag", "branch": break
            case "subdir": try Self.set(&folder, value, key, text)
            case "checksum", "commit":
                var known = checksum.map { ByteString($0) }
                try Self.set(&known, ByteString(value.description.asciiLowercased), key, text)
                checksum = known?.description
            case "keep-git-dir": keepsGitDirectory = try Self.flag(value, key, text)
            case "submodules": submodules = try Self.flag(value, key, text)
            // That is how commits are fetched always.
            case "fetch-by-commit": _ = try Self.flag(value, key, text)
            case "mtime":
                guard let time = FileTime(rawValue: value.description) else {
                    throw Self.bad(text, "`mtime` is `checkout` or `commit`, not `\(value)`")
                }
                fileTime = time
            default: throw Self.bad(text, "the query has `\(key)`, which means nothing")
            }
        }
        if values["tag"] != nil && values["branch"] != nil {
            throw Self.bad(text, "the query has both `tag` and `branch`")
        }
        for (key, prefix) in [("tag", ByteString("refs/tags/")), ("branch", ByteString("refs/heads/"))] {
            guard let name = values[key] else { continue }
            try Self.set(&ref, name.hasPrefix(prefix) ? name : ByteString(prefix.bytes + name.bytes), key, text)
        }
        if ref == nil, let checksum { ref = ByteString(checksum) }
    }

    private static func set(
        _ field: inout ByteString?,
        _ value: ByteString,
        _ key: String,
        _ text: ByteString
    ) throws(RemoteSourceError) {
        if let other = field, other != value { throw bad(text, "`\(key)` is `\(value)`, yet also `\(other)`") }
        field = value
    }

    private static func flag(
        _ value: ByteString,
        _ key: String,
        _ text: ByteString
    ) throws(RemoteSourceError) -> Bool {
        switch value.description {
        case "", "1", "t", "T", "true", "TRUE", "True": return true
        case "0", "f", "F", "false", "FALSE", "False": return false
        default: throw bad(text, "`\(key)` is `true` or `false`, not `\(value)`")
        }
    }

    /// Whether git could have something of this name, and no command of it would take the name for anything else.
    ///
    /// Source: `git-check-ref-format(1)`.
    static func isRefName(_ name: ByteString) -> Bool {
        let bytes = name.bytes
        let forbidden = Set("~^:?*[\\ ".utf8)
        guard !bytes.isEmpty, bytes.count <= 1024, !bytes.contains(where: { $0 <= 0x20 || $0 == 0x7f }) else {
            return false
        }
        guard !bytes.contains(where: forbidden.contains), bytes != Array("@".utf8) else { return false }
        if bytes.first == UInt8(ascii: "-") || bytes.first == ByteString.slash { return false }
        if bytes.last == ByteString.slash || bytes.last == UInt8(ascii: ".") { return false }
        if ["..", "@{", "//"].contains(where: { bytes.firstRange(of: $0.utf8) != nil }) { return false }
        return bytes.split(separator: ByteString.slash).allSatisfy { part in
            part.first != UInt8(ascii: ".") && !ByteString(part).hasSuffix(".lock")
        }
    }
}
