import Foundation
import TestSupport

/// A folder served over HTTP on loopback, with what was asked for on record.
final class ContextServer: Sendable {
    static let isUsable = Command.exists("git")
    static let reason = "needs git"

    let folder: URL
    private let server: FaultServer

    /// Serves files with their times; below `/stalls/` it promises bytes and never sends them.
    init(_ folder: URL) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        self.folder = folder
        server = try FaultServer { exchange in
            let path = String(exchange.path.prefix { $0 != "?" })
            if path.hasPrefix("/stalls/") {
                exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\nx")
                return exchange.waitForEnd()
            }
            let file = folder.appendingPathComponent(path)
            guard !path.contains(".."), let content = try? Data(contentsOf: file) else {
                return exchange.answer("404 Not Found")
            }
            exchange.send(
                "HTTP/1.1 200 OK\r\nContent-Length: \(content.count)\r\nLast-Modified: \(Self.date(of: file))\r\n\r\n"
            )
            exchange.send(Array(content))
        }
    }

    func url(_ path: String) -> String { server.url("/" + path) }

    /// Whether anybody asked for something that begins with this path.
    func wasAsked(for path: String) -> Bool {
        server.requests.contains { $0.path.hasPrefix("/" + path) }
    }

    /// Makes a repository `NAME.git` of what a script leaves in an empty folder; its only commit is of the year 2001.
    func repository(_ name: String, _ script: String) throws {
        try Command.shell(
            """
            export HOME="$1" GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.com
            export GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.com
            export GIT_AUTHOR_DATE='1000000000 +0000' GIT_COMMITTER_DATE='1000000000 +0000'
            mkdir "$1/$2" && cd "$1/$2" && git init -q -b main
            \(script)
            git add -A && git commit -q -m made && git tag v1
            cd .. && git clone -q --bare "$2" "$2.git" && git -C "$2.git" update-server-info && rm -r "$2"
            """,
            folder.path,
            name
        )
    }

    /// Source: RFC 9110, 5.6.7.
    private static func date(of file: URL) -> String {
        let attributes = try? FileManager.default.attributesOfItem(atPath: file.path)
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(identifier: "GMT")
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        return format.string(from: attributes?[.modificationDate] as? Date ?? Date())
    }
}
