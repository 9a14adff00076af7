import BuildInterface
import LinuxSystem

/// What a terminal shows of a build: pure text from events and times.
struct TerminalScreen {
    fileprivate enum Outcome {
        case running, cached, done(Duration), failed, cancelled
    }

    fileprivate struct Row {
        var name: String
        var started: ContinuousClock.Instant
        var outcome = Outcome.running
        var standardOutput = OutputLines()
        var standardError = OutputLines()
        var lastLines: [[UInt8]] = []
    }

    /// How many lines of a running command are shown.
    fileprivate static let shownLines = 6

    private let hasColour: Bool
    private let started: ContinuousClock.Instant
    private var rows: [Row] = []
    private var indexes: [Int: Int] = [:]
    private var drawnLines = 0
    private var isFinished = false
    private var hasSucceeded = true

    init(hasColour: Bool, started: ContinuousClock.Instant) {
        self.hasColour = hasColour
        self.started = started
    }

    mutating func take(_ event: BuildEvent, at now: ContinuousClock.Instant) {
        switch event {
        case .started(let vertex, let name):
            indexes[vertex] = rows.count
            rows.append(Row(name: OutputLines.shown(name), started: now))
        case .output(let vertex, let stream, let bytes): update(vertex) { $0.add(bytes, stream) }
        case .cached(let vertex): update(vertex) { $0.outcome = .cached }
        case .completed(let vertex, let duration): update(vertex) { $0.outcome = .done(duration) }
        case .failed(let vertex, _): update(vertex) { $0.outcome = .failed }
        case .cancelled(let vertex): update(vertex) { $0.outcome = .cancelled }
        case .warning: break
        }
    }

    /// Says how the build ended, for the last drawing.
    mutating func end(succeeded: Bool) {
        hasSucceeded = succeeded
    }

    private mutating func update(_ vertex: Int, _ change: (inout Row) -> Void) {
        guard let index = indexes[vertex] else { return }
        change(&rows[index])
    }

    /// The bytes that turn what is on the screen into what should be.
    mutating func redrawing(columns: Int, rows height: Int, at now: ContinuousClock.Instant, isLast: Bool) -> String {
        guard !isFinished else { return "" }
        isFinished = isLast
        var lines = [header(at: now, isLast: isLast)]
        for row in rows { lines += text(of: row, columns: columns, at: now, isLast: isLast) }
        // While it is redrawn in place, nothing may scroll away: only the newest rows are shown.
        if !isLast, lines.count > height - 1 { lines = [lines[0]] + lines.suffix(height - 2) }
        let up = drawnLines > 0 ? "\u{1b}[\(drawnLines)A" : ""
        drawnLines = lines.count
        return up + lines.map { "\u{1b}[2K\($0)\n" }.joined() + "\u{1b}[J"
    }

    private func header(at now: ContinuousClock.Instant, isLast: Bool) -> String {
        let finished = rows.count { if case .running = $0.outcome { false } else { true } }
        let time = DecimalText.seconds(started.duration(to: now), decimals: 1)
        let failed = !hasSucceeded || rows.contains { if case .failed = $0.outcome { true } else { false } }
        let verb = isLast ? (failed ? "Failed after" : "Built in") : "Building"
        return coloured("[+] \(verb) \(time)s (\(finished)/\(rows.count))", failed ? .red : .blue)
    }

    private func text(of row: Row, columns: Int, at now: ContinuousClock.Instant, isLast: Bool) -> [String] {
        let (mark, time, colour): (String, String, Colour?) =
            switch row.outcome {
            case .running: ("=>", DecimalText.seconds(row.started.duration(to: now), decimals: 1) + "s", nil)
            case .cached: ("=> CACHED", "0.0s", .blue)
            case .done(let duration): ("=>", DecimalText.seconds(duration, decimals: 1) + "s", .blue)
            case .failed: ("=> ERROR", DecimalText.seconds(row.started.duration(to: now), decimals: 1) + "s", .red)
            case .cancelled: ("=> CANCELED", "", .yellow)
            }
        let room = max(10, columns - time.count - 2)
        let title = Self.fit(" \(mark) \(row.name)", room)
        var lines = [coloured(title + String(repeating: " ", count: room - title.count) + " " + time, colour)]
        if case .running = row.outcome, !isLast {
            lines += row.lastLines.map { Self.fit(" => => # " + Self.plain($0), columns - 1) }
        }
        return lines
    }

    /// A line without colours, since cutting it could leave one switched on.
    private static func plain(_ line: [UInt8]) -> String {
        var text = ""
        var isEscape = false
        for scalar in String(decoding: line, as: UTF8.self).unicodeScalars {
            if scalar == "\u{1b}" {
                isEscape = true
            } else if isEscape {
                isEscape = scalar != "m"
            } else {
                text.unicodeScalars.append(scalar == "\t" ? " " : scalar)
            }
        }
        return text
    }

    private static func fit(_ text: String, _ columns: Int) -> String {
        text.count <= columns ? text : text.prefix(max(0, columns - 1)) + "…"
    }

    private enum Colour: Int {
        case red = 31, yellow = 33, blue = 34
    }

    private func coloured(_ text: String, _ colour: Colour?) -> String {
        guard hasColour, let colour else { return text }
        return "\u{1b}[\(colour.rawValue)m\(text)\u{1b}[0m"
    }
}

extension TerminalScreen.Row {
    fileprivate mutating func add(_ bytes: [UInt8], _ stream: BuildInterface.OutputStream) {
        let lines = stream == .standardOutput ? standardOutput.add(bytes) : standardError.add(bytes)
        lastLines = (lastLines + lines).suffix(TerminalScreen.shownLines)
    }
}
