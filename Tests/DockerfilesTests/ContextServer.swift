import Foundation
import TestSupport

/// A folder served over HTTP on loopback, with what was asked for on record.
final class ContextServer: Sendable {
    /// The server did not come up.
    struct NotServing: Error {
        let errors: String
    }

    static let isUsable = Command.exists("python3") && Command.exists("git")

    /// Serves files; below `/stalls/` it promises bytes and never sends them.
    private static let script = """
        import http.server, sys, time
        class Handler(http.server.SimpleHTTPRequestHandler):
            def __init__(self, *arguments):
                super().__init__(*arguments, directory=sys.argv[1])
            def do_GET(self):
                if not self.path.startswith('/stalls/'):
                    return super().do_GET()
                self.send_response(200)
                self.send_header('Content-Length', '1000000')
                self.end_headers()
                self.wfile.write(b'x')
                self.wfile.flush()
                time.sleep(60)
        server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        server.daemon_threads = True
        sys.stderr.write('port %d\\n' % server.server_address[1])
        sys.stderr.flush()
        server.serve_forever()
        """

    let folder: URL
    private let command: RunningCommand
    private let port: String

    init(_ folder: URL) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let command = try RunningCommand([Command.path("python3") ?? "", "-c", Self.script, folder.path])
        guard Poll.until({ command.errors.contains("\n") }),
            let line = command.errors.split(separator: "\n").first, line.hasPrefix("port ")
        else { throw NotServing(errors: command.errors) }
        self.folder = folder
        self.command = command
        port = String(line.dropFirst(5))
    }

    func url(_ path: String) -> String { "http://127.0.0.1:\(port)/\(path)" }

    /// Whether anybody asked for something that begins with this path.
    func wasAsked(for path: String) -> Bool {
        command.errors.contains("\"GET /\(path)") || command.errors.contains("\"HEAD /\(path)")
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
}
