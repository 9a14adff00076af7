package import ByteStrings
package import SourceDiagnostics

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
        for part in value.bytes.split(separator: UInt8(ascii: ";")) {
            guard let equals = part.firstIndex(of: UInt8(ascii: "=")) else {
                unknown.append(ByteString(part.trimmingBlanks))
                continue
            }
            let list = part[(equals + 1)...]
            let names = list.split(separator: UInt8(ascii: ",")).map { ByteString($0.trimmingBlanks).description }
            switch ByteString(part[..<equals].trimmingBlanks) {
            case "skip":
                skipsAll = names == ["all"]
                skipped = skipsAll ? [] : Set(names)
            case "experimental":
                experimental = Set(names)
            case "error":
                guard let answer = GoLiteral.boolean(ByteString(list.trimmingBlanks)) else {
                    unknown.append(ByteString(part.trimmingBlanks))
                    continue
                }
                failsOnWarning = answer
            case let other:
                unknown.append(other)
            }
        }
    }

    /// The diagnostic as these settings want it: left out, unchanged, or an error in place of a warning.
    package func applied(to diagnostic: Diagnostic) -> Diagnostic? {
        guard diagnostic.severity == .warning else { return diagnostic }
        if skipsAll || skipped.contains(diagnostic.id.rawValue) { return nil }
        guard failsOnWarning else { return diagnostic }
        var failing = diagnostic
        failing.severity = .error
        return failing
    }
}
