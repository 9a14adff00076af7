import ByteStrings

/// The signals STOPSIGNAL accepts.
///
/// Source: `signal(7)`, "Standard signals" and "Real-time signals".
enum StopSignal {
    private static let names: Set<ByteString> = [
        "ABRT", "ALRM", "BUS", "CHLD", "CLD", "CONT", "FPE", "HUP", "ILL", "INT", "IO", "IOT", "KILL", "PIPE", "POLL",
        "PROF", "PWR", "QUIT", "SEGV", "STKFLT", "STOP", "SYS", "TERM", "TRAP", "TSTP", "TTIN", "TTOU", "URG", "USR1",
        "USR2", "VTALRM", "WINCH", "XCPU", "XFSZ", "RTMIN", "RTMAX",
    ]

    /// Whether the text is a number from 1 to 64 or a name, in any case, with or without `SIG`.
    static func isValid(_ text: ByteString) -> Bool {
        if let number = text.decimalNumber { return (1...64).contains(number) }
        var name = text.asciiUppercased
        if name.hasPrefix("SIG") { name.removeFirst(3) }
        return names.contains(name) || isRealTime(name, after: "RTMIN+", upTo: 15)
            || isRealTime(name, after: "RTMAX-", upTo: 14)
    }

    private static func isRealTime(_ name: ByteString, after prefix: ByteString, upTo limit: Int) -> Bool {
        guard name.hasPrefix(prefix), let offset = ByteString(name.bytes[prefix.count...]).decimalNumber else {
            return false
        }
        return (1...limit).contains(offset)
    }
}
