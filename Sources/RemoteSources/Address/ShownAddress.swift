internal import ByteStrings

/// Texts that should have been addresses, for people: without what may be a password.
enum ShownAddress {
    /// The keys of a git reference's query; their values are no secrets.
    static let gitKeys: Set<String> = [
        "ref", "tag", "branch", "subdir", "checksum", "commit", "keep-git-dir", "submodules", "mtime",
        "fetch-by-commit",
    ]

    /// How many bytes are shown.
    private static let longest = 200

    private static let hidden = Array("xxxxx".utf8)

    /// The beginning of a text, without users, and without values of its query but those of `keys`.
    ///
    /// With nil, the query and what follows are left out.
    static func text(_ written: ByteString, keys: Set<String>?) -> String {
        let bytes = written.bytes.map { $0 < 0x20 || $0 == 0x7f ? UInt8(ascii: "_") : $0 }
        let head = bytes.prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
        let rest = bytes[head.endIndex...]
        let start = head.firstRange(of: "://".utf8)?.upperBound ?? head.startIndex
        var shown: [UInt8]
        if let at = head.lastIndex(of: UInt8(ascii: "@")), head[..<at].contains(UInt8(ascii: ":")) {
            shown = (start <= at ? Array(head[..<start]) : []) + hidden + head[at...]
        } else if rest.contains(UInt8(ascii: "@")), !head[start...].contains(ByteString.slash) {
            // What looks like a host may be a user whose password has a mark in it.
            return String(decoding: head[..<start] + hidden, as: UTF8.self)
        } else {
            shown = Array(head)
        }
        if let keys { shown += query(rest, keys) }
        return String(decoding: shown.prefix(longest), as: UTF8.self)
    }

    private static func query(_ rest: ArraySlice<UInt8>, _ keys: Set<String>) -> [UInt8] {
        guard rest.first == UInt8(ascii: "?") else { return Array(rest) }
        let query = rest.dropFirst().prefix { $0 != UInt8(ascii: "#") }
        let fields = query.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: false).map { field in
            guard let equals = field.firstIndex(of: UInt8(ascii: "=")),
                !keys.contains(String(decoding: field[..<equals].percentDecoded, as: UTF8.self))
            else { return Array(field) }
            return Array(field[...equals]) + hidden
        }
        return [UInt8(ascii: "?")] + fields.joined(separator: [UInt8(ascii: "&")]) + rest[query.endIndex...]
    }
}
