import ByteStrings

/// A line of `passwd(5)`.
struct PasswordEntry: Hashable, Sendable {
    var name: ByteString
    var user: UInt32
    var group: UInt32
    var home: ByteString
}

/// A line of `group(5)`.
struct GroupEntry: Hashable, Sendable {
    var name: ByteString
    var group: UInt32
    var members: [ByteString]
}

/// Reads the files of accounts; a line that is not well formed is as if it were not there.
enum AccountFile {
    static func passwordEntries(_ bytes: [UInt8]) -> [PasswordEntry] {
        lines(bytes).compactMap { fields in
            guard fields.count >= 4, let user = UserNumber.value(fields[2]), let group = UserNumber.value(fields[3])
            else { return nil }
            return PasswordEntry(
                name: fields[0],
                user: user,
                group: group,
                home: fields.count > 5 ? fields[5] : ""
            )
        }
    }

    static func groupEntries(_ bytes: [UInt8]) -> [GroupEntry] {
        lines(bytes).compactMap { fields in
            guard fields.count >= 3, let group = UserNumber.value(fields[2]) else { return nil }
            let members = fields.count > 3 ? fields[3].bytes.split(separator: UInt8(ascii: ",")) : []
            return GroupEntry(name: fields[0], group: group, members: members.map { ByteString($0) })
        }
    }

    private static func lines(_ bytes: [UInt8]) -> [[ByteString]] {
        bytes.split(separator: UInt8(ascii: "\n")).compactMap { line in
            let fields = line.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
            guard let name = fields.first, !name.isEmpty, name.first != UInt8(ascii: "#") else { return nil }
            return fields.map { ByteString($0) }
        }
    }
}

/// Numbers of users and groups as text.
enum UserNumber {
    /// Whether the text is meant as a number, be it in range or not.
    static func isNumeric(_ text: ByteString) -> Bool {
        !text.isEmpty && text.bytes.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    /// The number, or nil when the text is anything but decimal digits or more than 4294967294.
    static func value(_ text: ByteString) -> UInt32? {
        guard isNumeric(text) else { return nil }
        var value: UInt32 = 0
        for byte in text.bytes {
            let (tens, overflowed) = value.multipliedReportingOverflow(by: 10)
            let (sum, carried) = tens.addingReportingOverflow(UInt32(byte - UInt8(ascii: "0")))
            if overflowed || carried { return nil }
            value = sum
        }
        return value == .max ? nil : value
    }
}
