import ByteStrings

/// The variables of a command.
struct CommandEnvironment {
    /// Each name once, as `NAME=value`, in the order of their last mention.
    private(set) var entries: [ByteString] = []

    private var searchPath: ByteString?

    /// Keeps the last of entries with one name, and sets `HOME` when it is not there or empty.
    init(_ given: [ByteString], home: ByteString) {
        var seen: Set<ByteString> = []
        for entry in given.reversed() where seen.insert(Self.name(of: entry)).inserted {
            entries.append(entry)
        }
        entries.reverse()
        entries.removeAll { $0 == "HOME=" }
        if !entries.contains(where: { $0.hasPrefix("HOME=") }) { entries.append(ByteString("HOME=") + home) }
        searchPath = entries.first { $0.hasPrefix("PATH=") }.map { ByteString($0.bytes.dropFirst(5)) }
    }

    /// The files that a command may mean: itself when it has a slash, else one for each folder of `PATH`.
    ///
    /// Folders that depend on the current one are left out.
    func candidates(for command: ByteString) -> [ByteString] {
        guard !command.isEmpty else { return [] }
        if command.bytes.contains(ByteString.slash) { return [command] }
        let folders = (searchPath ?? "").bytes.split(separator: UInt8(ascii: ":")).map { ByteString($0) }
        return folders.filter(\.isAbsolutePath).map { $0.appendingPath(command) }
    }

    private static func name(of entry: ByteString) -> ByteString {
        ByteString(entry.bytes.prefix { $0 != UInt8(ascii: "=") })
    }
}
