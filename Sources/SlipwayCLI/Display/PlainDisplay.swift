import BuildInterface
import LinuxSystem
import SourceDiagnostics
import Synchronization

/// Progress as lines that are only ever added, for logs.
final class PlainDisplay: ProgressDisplay {
    fileprivate struct Vertex {
        var name: String
        var started: ContinuousClock.Instant
        var standardOutput = OutputLines()
        var standardError = OutputLines()
        var isPrinted = false
    }

    fileprivate struct State {
        var vertices: [Int: Vertex] = [:]
        var current: Int?
        var text: [UInt8] = []
    }

    private let state = Mutex(State())
    private let output: @Sendable ([UInt8]) -> Void

    /// Writes whole lines through `output`.
    init(output: @escaping @Sendable ([UInt8]) -> Void) {
        self.output = output
    }

    func show(_ event: BuildEvent) {
        let text = state.withLock { state in
            state.take(event)
            defer { state.text.removeAll(keepingCapacity: true) }
            return state.text
        }
        if !text.isEmpty { output(text) }
    }

    func finish(succeeded: Bool) {}
}

extension PlainDisplay.State {
    fileprivate mutating func take(_ event: BuildEvent) {
        switch event {
        case .started(let number, let name):
            vertices[number] = PlainDisplay.Vertex(name: OutputLines.shown(name), started: ContinuousClock.now)
            turn(to: number)
        case .output(let number, let stream, let bytes):
            addOutput(number, stream, bytes)
        case .cached(let number): close(number, "CACHED")
        case .completed(let number, let duration):
            close(number, "DONE \(DecimalText.seconds(duration, decimals: 1))s")
        case .failed(let number, let message): close(number, "ERROR: \(OutputLines.shown(message))")
        case .cancelled(let number): close(number, "CANCELED")
        case .warning: return
        }
    }

    private mutating func addOutput(_ number: Int, _ stream: BuildInterface.OutputStream, _ bytes: [UInt8]) {
        guard var vertex = vertices[number] else { return }
        let lines = stream == .standardOutput ? vertex.standardOutput.add(bytes) : vertex.standardError.add(bytes)
        vertices[number] = vertex
        guard !lines.isEmpty else { return }
        turn(to: number)
        let time = DecimalText.seconds(vertex.started.duration(to: ContinuousClock.now), decimals: 3)
        for line in lines { self.line("#\(number) \(time) ", line) }
    }

    private mutating func close(_ number: Int, _ result: String) {
        guard var vertex = vertices[number] else { return }
        turn(to: number)
        let time = DecimalText.seconds(vertex.started.duration(to: ContinuousClock.now), decimals: 3)
        for rest in [vertex.standardOutput.takeRest(), vertex.standardError.takeRest()] {
            if let rest { line("#\(number) \(time) ", rest) }
        }
        line("#\(number) \(result)")
        line("")
        vertices[number] = nil
        current = nil
    }

    /// Says whose lines follow, when the last ones were somebody else's.
    private mutating func turn(to number: Int) {
        guard current != number, var vertex = vertices[number] else { return }
        if current != nil { line("") }
        line(vertex.isPrinted ? "#\(number) ..." : "#\(number) \(vertex.name)")
        vertex.isPrinted = true
        vertices[number] = vertex
        current = number
    }

    private mutating func line(_ text: String, _ bytes: [UInt8] = []) {
        self.text += Array(text.utf8)
        self.text += bytes
        self.text.append(0x0a)
    }
}
