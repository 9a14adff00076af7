import ArgumentParser
import BuildInterface
import ByteStrings
import FileModel
import LinuxSystem
import OCIModel
import SlipwayEngine
import SourceDiagnostics

/// The `slipway cache` command: what `RUN --mount=type=cache` keeps between builds.
struct CacheCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cache",
        abstract: "List and remove the caches that RUN --mount=type=cache keeps.",
        subcommands: [CacheListCommand.self, CachePruneCommand.self]
    )
}

/// The `slipway cache list` command.
struct CacheListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List caches.", aliases: ["ls"])

    @OptionGroup var state: StateFlags

    @Option(help: "table or json, one object a line.")
    var format: String = "table"

    func run() throws {
        guard ["table", "json"].contains(format) else { throw ValidationError("--format \(format): table or json") }
        try CommandOutput.run {
            let caches = try state.openEngine().caches()
            if format == "json" { return caches.map { Self.json($0) + "\n" }.joined() }
            var table = Table(headings: ["ID", "SIZE", "LAST USED", "IN USE"])
            for cache in caches {
                let used = RFC3339.text(Timestamp(seconds: cache.lastUsed.seconds))
                table.add([cache.name, ByteCount.text(cache.size), used, cache.isInUse ? "yes" : ""])
            }
            return table.text
        }
    }

    private static func json(_ cache: StoredCache) -> String {
        let node: JSONNode = [
            "ID": .string(cache.name), "Size": .integer(Int64(clamping: cache.size)),
            "LastUsed": .string(RFC3339.text(cache.lastUsed)), "InUse": .boolean(cache.isInUse),
        ]
        return node.text
    }
}

/// The `slipway cache prune` command.
struct CachePruneCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune",
        abstract: "Remove caches, but for those that a command has mounted."
    )

    @OptionGroup var state: StateFlags

    @Option(help: "Remove only what was not used for so many hours.")
    var olderThan: Int?

    @Argument(help: "Ids of caches (default: all).")
    var ids: [String] = []

    func run() async throws {
        var limit: Timestamp?
        if let olderThan {
            let (seconds, overflows) = olderThan.multipliedReportingOverflow(by: 3600)
            guard olderThan >= 0, !overflows else {
                throw ValidationError("--older-than \(olderThan): it takes a number of hours")
            }
            limit = Timestamp(seconds: WallClock.now.seconds - Int64(seconds))
        }
        let (state, ids, before) = (state, Set(ids.map { ByteString($0) }), limit)
        try await CommandOutput.run { () async throws -> String in
            let removed = try await state.openEngine().removeCaches(of: ids, usedBefore: before)
            let freed = removed.reduce(UInt64(0)) { $0 &+ $1.size }
            let lines = removed.map { "Deleted: \(OutputLines.shown($0.name))\n" }.joined()
            return lines + "Total: \(ByteCount.text(freed))\n"
        }
    }
}

extension StoredCache {
    /// The id as text.
    fileprivate var name: String {
        id?.description ?? "<none>"
    }
}
