import ByteStrings
import Foundation

/// Repositories for tests, made by the git of this machine.
package final class GitServer: Sendable {
    private let folder: TemporaryFolder

    /// Makes a folder without repositories.
    package init() throws {
        folder = try TemporaryFolder()
    }

    /// The folder on this machine.
    package var path: String { folder.url.path }

    /// Runs a shell script in a folder of repositories; what it prints.
    @discardableResult
    package func shell(_ script: String) throws -> String {
        let process = ChildProcess()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-ec", script]
        process.currentDirectoryURL = folder.url
        process.environment = [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "HOME": folder.url.path,
            "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.com",
            "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.com",
            "GIT_AUTHOR_DATE": "1000000000 +0000", "GIT_COMMITTER_DATE": "1000000000 +0000",
        ]
        let pipe = Foundation.Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw CocoaError(.executableLoad) }
        return String(decoding: output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// A bare repository `name.git` out of what a script commits in a work tree; the commit of its HEAD.
    @discardableResult
    package func repository(_ name: String, _ script: String) throws -> String {
        try shell(
            """
            mkdir \(name) && cd \(name) && git init -q -b main && git config protocol.file.allow always
            \(script)
            cd .. && git -c protocol.file.allow=always clone -q --bare \(name) \(name).git
            git -C \(name).git update-server-info
            """
        )
        return try shell("git -C \(name).git rev-parse HEAD")
    }

    /// Serves the repositories as plain files.
    package func plain() throws -> FaultServer {
        let root = folder.url
        return try FaultServer { exchange in
            let path = exchange.path.split(separator: "?")[0]
            let file = root.appendingPathComponent(String(path))
            guard !path.contains(".."), let bytes = try? Data(contentsOf: file) else {
                return exchange.answer("404 Not Found")
            }
            exchange.send("HTTP/1.1 200 OK\r\nContent-Length: \(bytes.count)\r\n\r\n")
            exchange.send(Array(bytes))
        }
    }

    /// Serves the repositories by git's own HTTP service.
    package func smart() throws -> FaultServer {
        let root = folder.url
        return try FaultServer { exchange in
            let parts = exchange.path.split(separator: "?", maxSplits: 1)
            let process = ChildProcess()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = ["git", "http-backend"]
            let environment = [
                "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "HOME": root.path,
                "GIT_PROJECT_ROOT": root.path, "GIT_HTTP_EXPORT_ALL": "1", "PATH_INFO": String(parts[0]),
                "QUERY_STRING": parts.count > 1 ? String(parts[1]) : "", "REMOTE_USER": "", "REMOTE_ADDR": "127.0.0.1",
                "REQUEST_METHOD": String(exchange.head.split(separator: " ")[0]),
                "CONTENT_TYPE": exchange.field("Content-Type") ?? "",
                "CONTENT_LENGTH": exchange.field("Content-Length") ?? "",
                "HTTP_CONTENT_ENCODING": exchange.field("Content-Encoding") ?? "",
                "GIT_PROTOCOL": exchange.field("Git-Protocol") ?? "",
            ]
            process.environment = environment
            let (input, output) = (Foundation.Pipe(), Foundation.Pipe())
            process.standardInput = input
            process.standardOutput = output
            do {
                try process.run()
                input.fileHandleForWriting.write(Data(exchange.body()))
                try input.fileHandleForWriting.close()
            } catch {
                return exchange.answer("500 Broken")
            }
            let answer = Array(output.fileHandleForReading.readDataToEndOfFile())
            process.waitUntilExit()
            let end = answer.firstRange(of: "\r\n\r\n".utf8)?.lowerBound ?? answer.count
            let head = String(decoding: answer[..<end], as: UTF8.self)
            let status = head.split(separator: "\r\n").first { $0.hasPrefix("Status: ") }.map {
                String($0.dropFirst(8))
            }
            exchange.send("HTTP/1.1 \(status ?? "200 OK")\r\nConnection: close\r\n\(head)\r\n\r\n")
            exchange.send(Array(answer[min(end + 4, answer.count)...]))
        }
    }
}
