import BuildInterface
import FileModel
import LinuxSystem
import SourceDiagnostics

/// Progress as one JSON object a line, for programs.
struct JSONDisplay: ProgressDisplay {
    let output: @Sendable ([UInt8]) -> Void

    func show(_ event: BuildEvent) {
        var members: [JSONNode.Member]
        switch event {
        case .started(let vertex, let name):
            members = [
                .init("event", .string("started")), .init("vertex", .integer(Int64(vertex))),
                .init("name", .string(name)),
            ]
        case .output(let vertex, let stream, let bytes):
            members = [
                .init("event", .string("output")), .init("vertex", .integer(Int64(vertex))),
                .init("stream", .integer(Int64(stream.rawValue))),
                .init("data", .string(String(decoding: bytes, as: UTF8.self))),
            ]
        case .cached(let vertex):
            members = [.init("event", .string("cached")), .init("vertex", .integer(Int64(vertex)))]
        case .completed(let vertex, let duration):
            let (seconds, attoseconds) = duration.components
            let milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000
            members = [
                .init("event", .string("completed")), .init("vertex", .integer(Int64(vertex))),
                .init("milliseconds", .integer(milliseconds)),
            ]
        case .failed(let vertex, let message):
            members = [
                .init("event", .string("failed")), .init("vertex", .integer(Int64(vertex))),
                .init("message", .string(message)),
            ]
        case .cancelled(let vertex):
            members = [.init("event", .string("cancelled")), .init("vertex", .integer(Int64(vertex)))]
        case .warning(let diagnostic, _):
            members = [.init("event", .string("warning")), .init("message", .string(diagnostic.message))]
            if let range = diagnostic.range { members.append(.init("line", .integer(Int64(range.start.line)))) }
        }
        let now = WallClock.now
        members.append(.init("time", .integer(now.seconds)))
        output(Array((JSONNode.object(members).text + "\n").utf8))
    }

    func finish(succeeded: Bool) {}
}
