package import ByteStrings

/// Finds the user that `USER` names in the accounts of an image.
///
/// Source: Dockerfile reference, "USER".
package enum UserLookup {
    /// The most bytes of `/etc/passwd` or `/etc/group` that are worth reading: 10 MiB.
    package static let sizeLimit = 10 << 20

    /// The most supplementary groups of a process.
    private static let groupLimit = 65536

    /// The user of `user[:group]`, each a name or a number; empty means root.
    ///
    /// A number wins over an equal name and need not be listed. Supplementary groups are given only when no group is
    /// named. `passwd` and `group` are the contents of the image's files, nil when it has none.
    /// - Throws: For a name that is not listed and a number out of range, never resolving to 0 by accident.
    package static func resolve(
        _ text: ByteString,
        passwd: [UInt8]?,
        group: [UInt8]?
    ) throws(UserLookupError) -> ResolvedUser {
        let colon = text.bytes.firstIndex(of: UInt8(ascii: ":"))
        let userText = ByteString(text.bytes[..<(colon ?? text.count)])
        let groupText = ByteString(colon.map { text.bytes[($0 + 1)...] } ?? [])
        let accounts = AccountFile.passwordEntries(passwd ?? [])
        let entry = try entry(for: userText, in: accounts)
        guard groupText.isEmpty else {
            let number = try groupNumber(groupText, in: AccountFile.groupEntries(group ?? []))
            return ResolvedUser(user: entry.user, group: number, home: entry.home)
        }
        guard !entry.name.isEmpty else {
            return ResolvedUser(user: entry.user, group: entry.group, home: entry.home)
        }
        let memberships = AccountFile.groupEntries(group ?? []).filter { $0.members.contains(entry.name) }.map(\.group)
        return try user(entry, memberships: memberships)
    }

    /// The names of the accounts of a `passwd` file, in its order.
    package static func userNames(in passwd: [UInt8]) -> [ByteString] {
        AccountFile.passwordEntries(passwd).map(\.name)
    }

    /// The names of the groups of a `group` file, in its order.
    package static func groupNames(in group: [UInt8]) -> [ByteString] {
        AccountFile.groupEntries(group).map(\.name)
    }

    private static func user(
        _ entry: PasswordEntry,
        memberships: [UInt32]
    ) throws(UserLookupError) -> ResolvedUser {
        var groups = [entry.group]
        var known: Set<UInt32> = [entry.group]
        for membership in memberships where known.insert(membership).inserted { groups.append(membership) }
        guard groups.count <= groupLimit else { throw .tooManyGroups(entry.name, count: groups.count) }
        return ResolvedUser(user: entry.user, group: entry.group, groups: groups, home: entry.home)
    }

    /// The account, its name empty when it is not listed, its home never empty.
    private static func entry(
        for text: ByteString,
        in accounts: [PasswordEntry]
    ) throws(UserLookupError) -> PasswordEntry {
        let found: PasswordEntry?
        let unlisted: PasswordEntry?
        if UserNumber.isNumeric(text) {
            guard let number = UserNumber.value(text) else { throw .numberOutOfRange(text) }
            found = accounts.first { $0.user == number }
            unlisted = PasswordEntry(name: "", user: number, group: 0, home: "")
        } else if text.isEmpty {
            // Root by default: its account says where it is at home, not what more it belongs to.
            let home = accounts.first { $0.user == 0 }?.home ?? ""
            found = PasswordEntry(name: "", user: 0, group: 0, home: home)
            unlisted = nil
        } else {
            found = accounts.first { $0.name == text }
            unlisted = text == "root" ? PasswordEntry(name: "", user: 0, group: 0, home: "") : nil
        }
        guard var entry = found ?? unlisted else { throw .unknownUser(text) }
        if entry.home.isEmpty { entry.home = "/" }
        return entry
    }

    private static func groupNumber(
        _ text: ByteString,
        in groups: [GroupEntry]
    ) throws(UserLookupError) -> UInt32 {
        if UserNumber.isNumeric(text) {
            guard let number = UserNumber.value(text) else { throw .numberOutOfRange(text) }
            return number
        }
        guard let entry = groups.first(where: { $0.name == text }) else { throw .unknownGroup(text) }
        return entry.group
    }
}
