import ByteStrings

/// The forms of `--chmod`.
enum PermissionText {
    /// Whether the text is an octal number up to 7777 or symbolic clauses like `u=rwX,go-w`.
    ///
    /// Source: `chmod(1)`, "MODE", without its `@file` forms.
    static func isValid(_ text: ByteString) -> Bool {
        if !text.isEmpty, text.bytes.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "7")).contains) {
            return Int(text.description, radix: 8).map { $0 <= 0o7777 } ?? false
        }
        let clauses = text.bytes.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        return clauses.allSatisfy(isClause)
    }

    private static func isClause(_ clause: ArraySlice<UInt8>) -> Bool {
        var rest = clause.drop { "ugoa".utf8.contains($0) }
        guard !rest.isEmpty else { return false }
        while let sign = rest.first {
            guard "+-=".utf8.contains(sign) else { return false }
            rest = rest.dropFirst()
            let copied = rest.prefix { "ugo".utf8.contains($0) }
            if copied.count > 1 { return false }
            rest = copied.isEmpty ? rest.drop { "rwxXst".utf8.contains($0) } : rest.dropFirst()
        }
        return true
    }
}
