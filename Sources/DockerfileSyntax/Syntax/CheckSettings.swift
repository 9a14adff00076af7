package import ByteStrings

/// What a `# check=` directive asks of the lint rules.
package struct CheckSettings: Hashable, Sendable {
    /// Whether no rule is checked at all: `skip=all`.
    package var skipsAll = false
    /// The names of the rules not checked, in their exact case.
    package var skipped: Set<String> = []
    /// The names of the experimental rules asked for; `all` is kept as a name.
    package var experimental: Set<String> = []
    /// Whether a violation fails the build: `error=true`.
    package var failsOnWarning = false

    package init() {}

    /// Reads the value of a directive, such as `skip=A,B;error=true`.
    ///
    /// Parts that mean nothing are returned in `unknown`, so that the caller can warn.
    package init(parsing value: ByteString, unknown: inout [ByteString]) {
        var parts: [Range<Int>] = []
        self.init(parsing: value.bytes[...], unknown: &parts)
        unknown += parts.map { ByteString(value.bytes[$0]) }
    }

    /// Reads the value of a directive, and passes over what means nothing.
    init(parsing value: ByteString) {
        var unknown: [Range<Int>] = []
        self.init(parsing: value.bytes[...], unknown: &unknown)
    }

    /// Reads the value of a directive; `unknown` gets the places of the words that mean nothing.
    init(parsing value: ArraySlice<UInt8>, unknown: inout [Range<Int>]) {
        for part in value.split(separator: UInt8(ascii: ";")) {
            let trimmed = part.trimmingBlanks
            let place = trimmed.startIndex..<trimmed.endIndex
            guard let equals = trimmed.firstIndex(of: UInt8(ascii: "=")) else {
                unknown.append(place)
                continue
            }
            let list = trimmed[(equals + 1)...]
            let names = list.split(separator: UInt8(ascii: ",")).map { ByteString($0.trimmingBlanks).description }
            let key = trimmed[..<equals].trimmingBlanks
            switch ByteString(key) {
            case "skip":
                skipsAll = names == ["all"]
                skipped = skipsAll ? [] : Set(names)
            case "experimental":
                experimental = Set(names)
            case "error":
                guard let answer = GoLiteral.boolean(ByteString(list.trimmingBlanks)) else {
                    unknown.append(place)
                    continue
                }
                failsOnWarning = answer
            default:
                unknown.append(key.startIndex..<key.endIndex)
            }
        }
    }
}
