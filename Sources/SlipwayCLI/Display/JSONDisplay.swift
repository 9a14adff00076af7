import BuildInterface
import FileModel
import LinuxSystem
import SourceDiagnostics

/// Progress as one JSON object a line, for programs.
struct JSONDisplay: ProgressDisplay {
    let output: @Sendable ([UInt8]) -> Void

    func show(_ event: BuildEvent) {
        var fields: [(String, JSONText.Value)]
        switch event {
        case .started(let vertex, let name):
            fields = [("event", .string("started")), ("vertex", .number(vertex)), ("name", .string(name))]
        case .output(let vertex, let stream, let bytes):
            fields = [
                ("event", .string("output")), ("vertex", .number(vertex)), ("stream", .number(Int(stream.rawValue))),
                ("data", .string(String(decoding: bytes, as: UTF8.self))),
            ]
        case .cached(let vertex): fields = [("event", .string("cached")), ("vertex", .number(vertex))]
        case .completed(let vertex, let duration):
            let (seconds, attoseconds) = duration.components
            let milliseconds = Int(clamping: seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000)
            fields = [
                ("event", .string("completed")), ("vertex", .number(vertex)), ("milliseconds", .number(milliseconds)),
            ]
        case .failed(let vertex, let message):
            fields = [("event", .string("failed")), ("vertex", .number(vertex)), ("message", .string(message))]
        case .cancelled(let vertex): fields = [("event", .string("cancelled")), ("vertex", .number(vertex))]
        case .warning(let diagnostic, _):
            fields = [("event", .string("warning")), ("message", .string(diagnostic.message))]
            if let range = diagnostic.range { fields.append(("line", .number(range.start.line))) }
        }
        let now = WallClock.now
        fields.append(("time", .number(Int(clamping: now.seconds))))
        output(Array((JSONText.object(fields) + "\n").utf8))
    }

    func finish(succeeded: Bool) {}
}
