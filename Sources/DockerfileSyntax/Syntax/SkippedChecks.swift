import ByteStrings

/// The lint rules that comments above an instruction switch off for it.
package struct SkippedChecks: Hashable, Sendable {
    /// Whether no rule is checked at all.
    package var all = false
    /// The names of the rules, in their exact case.
    package var names: Set<String> = []

    package init(all: Bool = false, names: Set<String> = []) {
        self.all = all
        self.names = names
    }

    /// What the comments say together; comments that say nothing of checks count for nothing.
    package init(_ comments: [Comment]) {
        for comment in comments {
            guard let value = Self.value(of: comment.text) else { continue }
            let settings = CheckSettings(parsing: value)
            if settings.skipsAll { all = true }
            names.formUnion(settings.skipped)
        }
    }

    /// Whether the rule of that name is switched off.
    package func contains(_ rule: String) -> Bool {
        all || names.contains(rule)
    }

    /// What stands behind `check=`, in any letter case and with blanks around the sign, or nil.
    private static func value(of comment: ByteString) -> ByteString? {
        let name = Array("check".utf8)
        guard comment.count > name.count, comment.bytes.prefix(name.count).map({ $0 | 0x20 }) == name else {
            return nil
        }
        let rest = comment.bytes.dropFirst(name.count).trimmingLeadingBlanks
        return rest.first == UInt8(ascii: "=") ? ByteString(rest.dropFirst().trimmingBlanks) : nil
    }
}
