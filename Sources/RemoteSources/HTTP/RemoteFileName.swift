package import ByteStrings

/// Finds the name that a fetched file gets in a folder.
package enum RemoteFileName {
    /// What a file is called when neither server nor URL name it.
    package static let unnamed: ByteString = "download"

    /// The name by the server's own word, or by the URL that was asked for; always safe.
    ///
    /// Source: RFC 6266; Dockerfile reference, "ADD".
    static func choose(contentDisposition: String?, url: RemoteURL) -> ByteString {
        if let name = contentDisposition.flatMap(dispositionName) { return name }
        return pathName(url) ?? unnamed
    }

    /// Whether the name is one component that leads nowhere else.
    package static func isSafe(_ name: ByteString) -> Bool {
        !name.isEmpty && name.count <= 255 && name != "." && name != ".."
            && !name.bytes.contains { $0 < 0x20 || $0 == 0x7f || $0 == ByteString.slash }
    }

    private static func pathName(_ url: RemoteURL) -> ByteString? {
        let path = ByteString(url.path.utf8.percentDecoded)
        guard let last = path.bytes.split(separator: ByteString.slash).last else { return nil }
        let name = ByteString(last)
        return isSafe(name) ? name : nil
    }

    /// The last component of the name in the field; nil when there is none, or it is a folder or not safe.
    private static func dispositionName(_ field: String) -> ByteString? {
        let parameters = parameters(of: Array(field.utf8))
        guard let value = parameters["filename*"].flatMap(extendedValue) ?? parameters["filename"] else { return nil }
        guard value.last != ByteString.slash, let last = value.split(separator: ByteString.slash).last else {
            return nil
        }
        let name = ByteString(last)
        return isSafe(name) ? name : nil
    }

    /// A charset, a language and percent-encoded bytes, apostrophes in between.
    ///
    /// Source: RFC 8187.
    private static func extendedValue(_ value: [UInt8]) -> [UInt8]? {
        let parts = value.split(separator: UInt8(ascii: "'"), maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, String(decoding: parts[0], as: UTF8.self).asciiLowercased == "utf-8" else { return nil }
        return parts[2].percentDecoded
    }

    /// The parameters behind the first semicolon, their names in lower case, quotes taken off; the first of a name counts.
    private static func parameters(of field: [UInt8]) -> [String: [UInt8]] {
        var found: [String: [UInt8]] = [:]
        var rest = field[...]
        rest = rest.drop { $0 != UInt8(ascii: ";") }
        while !rest.isEmpty {
            rest = rest.drop { $0 == UInt8(ascii: ";") || $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
            let name = rest.prefix { $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: ";") }
            rest = rest[name.endIndex...]
            guard rest.first == UInt8(ascii: "=") else { continue }
            let value = takeValue(&rest)
            let key = String(decoding: name.filter { $0 > 0x20 }, as: UTF8.self).asciiLowercased
            if found[key] == nil { found[key] = value }
        }
        return found
    }

    /// Takes `=` and a token or quoted string off the front.
    private static func takeValue(_ rest: inout ArraySlice<UInt8>) -> [UInt8] {
        rest = rest.dropFirst().drop { $0 == UInt8(ascii: " ") }
        guard rest.first == UInt8(ascii: "\"") else {
            let value = rest.prefix { $0 != UInt8(ascii: ";") }
            rest = rest[value.endIndex...]
            return Array(value.reversed().drop { $0 == UInt8(ascii: " ") }.reversed())
        }
        rest = rest.dropFirst()
        var value: [UInt8] = []
        while let byte = rest.popFirst(), byte != UInt8(ascii: "\"") {
            if byte == UInt8(ascii: "\\"), let next = rest.popFirst() {
                value.append(next)
            } else {
                value.append(byte)
            }
        }
        rest = rest.drop { $0 != UInt8(ascii: ";") }
        return value
    }
}
