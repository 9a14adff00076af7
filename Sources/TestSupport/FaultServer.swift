import Foundation
import Synchronization

/// A server on loopback whose every byte a test decides.
package final class FaultServer: Sendable {
    /// One request and the way back.
    package struct Exchange: Sendable {
        fileprivate let socket: Int32

        /// The head as it came, without the empty line.
        package let head: String

        /// What of the body came with the head.
        fileprivate let early: [UInt8]

        /// How many requests there were before.
        package let number: Int

        /// What is asked for, its query too.
        package var path: String { String(head.split(separator: " ").dropFirst().first ?? "") }

        /// The value of a field of the head; nil when it is not there.
        package func field(_ name: String) -> String? {
            for line in head.split(separator: "\r\n").dropFirst() {
                let parts = line.split(separator: ":", maxSplits: 1)
                if parts[0].lowercased() == name.lowercased() { return parts[1].trimmingCharacters(in: .whitespaces) }
            }
            return nil
        }

        /// The bytes that follow the head, by the length that it says or in chunks.
        package func body() -> [UInt8] {
            if field("Expect") != nil { send("HTTP/1.1 100 Continue\r\n\r\n") }
            var bytes = early
            var buffer = [UInt8](repeating: 0, count: 4096)
            let isChunked = field("Transfer-Encoding") != nil
            let length = Int(field("Content-Length") ?? "0") ?? 0
            while isChunked ? !bytes.suffix(5).elementsEqual("0\r\n\r\n".utf8) : bytes.count < length {
                let count = read(socket, &buffer, buffer.count)
                if count <= 0 { return bytes }
                bytes += buffer[..<count]
            }
            guard isChunked else { return bytes }
            var whole: [UInt8] = []
            var rest = bytes[...]
            while let end = rest.firstRange(of: "\r\n".utf8),
                let size = Int(String(decoding: rest[..<end.lowerBound], as: UTF8.self), radix: 16), size > 0
            {
                whole += rest[end.upperBound...].prefix(size)
                rest = rest[end.upperBound...].dropFirst(size + 2)
            }
            return whole
        }

        /// Sends a part of an answer.
        package func send(_ text: String) { send(Array(text.utf8)) }

        /// Sends a part of an answer, unless the other side is gone.
        package func send(_ bytes: [UInt8]) {
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = Array(rest).withUnsafeBytes {
                    Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                if count <= 0 { return }
                rest = rest.dropFirst(count)
            }
        }

        /// A whole answer.
        package func answer(_ status: String = "200 OK", _ fields: [String] = [], _ body: String = "") {
            let lines = ["HTTP/1.1 \(status)", "Content-Length: \(body.utf8.count)"] + fields
            send(lines.joined(separator: "\r\n") + "\r\n\r\n" + body)
        }

        /// Makes the close that follows a reset.
        package func reset() {
            var linger = linger(l_onoff: 1, l_linger: 0)
            setsockopt(socket, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
        }

        /// Waits until the other side is gone, at most so long.
        package func waitForEnd(seconds: Int = 20) {
            var polled = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
            poll(&polled, 1, Int32(seconds * 1000))
        }
    }

    /// Where it listens.
    package let port: UInt16
    private let socket: Int32
    private let seen = Mutex<[Exchange]>([])

    /// Serves each connection on a thread of its own; the connection ends with `handler`.
    package init(_ handler: @escaping @Sendable (Exchange) -> Void) throws {
        let listening = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue | UInt32(SOCK_CLOEXEC.rawValue)), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listening, address, length) + listen(listening, 64) + getsockname(listening, address, &length)
            }
        }
        guard result == 0 else { throw CocoaError(.fileReadUnknown) }
        port = UInt16(bigEndian: address.sin_port)
        socket = listening
        Thread { [weak self] in
            while true {
                let connection = accept(listening, nil, nil)
                guard connection >= 0 else { return }
                guard let self else {
                    close(connection)
                    return
                }
                Thread { self.serve(connection, handler) }.start()
            }
        }
        .start()
    }

    private func serve(_ connection: Int32, _ handler: (Exchange) -> Void) {
        defer { close(connection) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while bytes.firstRange(of: "\r\n\r\n".utf8) == nil {
            let count = read(connection, &buffer, buffer.count)
            if count <= 0 { return }
            bytes += buffer[..<count]
        }
        let end = bytes.firstRange(of: "\r\n\r\n".utf8) ?? bytes.endIndex..<bytes.endIndex
        let head = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
        let early = Array(bytes[end.upperBound...])
        let exchange = seen.withLock { seen in
            let exchange = Exchange(socket: connection, head: head, early: early, number: seen.count)
            seen.append(exchange)
            return exchange
        }
        handler(exchange)
        shutdown(connection, Int32(SHUT_WR))
    }

    /// The requests so far.
    package var requests: [Exchange] { seen.withLock { $0 } }

    /// The address of a path of it.
    package func url(_ path: String, host: String = "127.0.0.1") -> String { "http://\(host):\(port)\(path)" }

    deinit {
        shutdown(socket, Int32(SHUT_RDWR))
        close(socket)
    }
}
