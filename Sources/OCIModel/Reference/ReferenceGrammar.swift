/// The productions of the grammar of image names, over bytes.
///
/// Source: OCI distribution-spec, "Pulling manifests"; the reference grammar of the distribution project.
enum ReferenceGrammar {
    typealias Bytes = ArraySlice<UInt8>

    /// `host`, `host:port` or `[IPv6]:port`.
    static func isDomain(_ text: Bytes) -> Bool {
        var host = text
        if text.first == UInt8(ascii: "[") {
            guard let end = text.firstIndex(of: UInt8(ascii: "]")) else { return false }
            let address = text[(text.startIndex + 1)..<end]
            let isAddress = address.allSatisfy { isHexDigit($0) || $0 == UInt8(ascii: ":") }
            guard !address.isEmpty, isAddress else { return false }
            let rest = text[(end + 1)...]
            return rest.isEmpty || isPort(rest)
        }
        if let colon = text.firstIndex(of: UInt8(ascii: ":")) {
            guard isPort(text[colon...]) else { return false }
            host = text[..<colon]
        }
        return host.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { label in
            guard let first = label.first, let last = label.last else { return false }
            return isAlphanumeric(first) && isAlphanumeric(last)
                && label.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
        }
    }

    /// Components between slashes: lower-case letters and digits, with `.`, `_`, `__` or dashes between them.
    static func isRepository(_ text: Bytes) -> Bool {
        text.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).allSatisfy(isPathComponent)
    }

    /// Up to 128 word characters, dots and dashes, the first of them a word character.
    static func isTag(_ text: Bytes) -> Bool {
        guard let first = text.first, text.count <= 128, isWord(first) else { return false }
        return text.allSatisfy { isWord($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") }
    }

    static func isUpperCase(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
    }

    static func isHexDigit(_ byte: UInt8) -> Bool {
        isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20)
    }

    private static func isPathComponent(_ component: Bytes) -> Bool {
        var rest = component
        while true {
            let run = rest.prefix(while: isLowerAlphanumeric)
            if run.isEmpty { return false }
            rest = rest[run.endIndex...]
            if rest.isEmpty { return true }
            let separator = rest.prefix { !isLowerAlphanumeric($0) }
            let isAllowed =
                separator.elementsEqual(".".utf8) || separator.elementsEqual("_".utf8)
                || separator.elementsEqual("__".utf8) || separator.allSatisfy { $0 == UInt8(ascii: "-") }
            if !isAllowed { return false }
            rest = rest[separator.endIndex...]
        }
    }

    private static func isPort(_ text: Bytes) -> Bool {
        text.first == UInt8(ascii: ":") && text.count > 1 && text.dropFirst().allSatisfy(isDigit)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func isLowerAlphanumeric(_ byte: UInt8) -> Bool {
        isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        isLowerAlphanumeric(byte) || isUpperCase(byte)
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        isAlphanumeric(byte) || byte == UInt8(ascii: "_")
    }
}
