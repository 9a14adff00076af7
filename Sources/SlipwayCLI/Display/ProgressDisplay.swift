import BuildInterface
import LinuxSystem

/// Shows the events of a build to somebody.
protocol ProgressDisplay: Sendable {
    /// Takes the next event; calls come from one thread at a time.
    func show(_ event: BuildEvent)

    /// Ends the display; nothing is shown afterwards.
    func finish(succeeded: Bool)
}

/// How progress is shown.
enum ProgressStyle: String, CaseIterable {
    case auto, tty, plain, rawjson, quiet

    /// The display for this style, with standard error as its place.
    func makeDisplay(terminal: Terminal) -> any ProgressDisplay {
        switch self {
        case .quiet: QuietDisplay()
        case .rawjson: JSONDisplay(output: terminal.write)
        case .plain: PlainDisplay(output: terminal.write)
        case .tty: TerminalDisplay(terminal: terminal)
        case .auto:
            terminal.isInteractive ? TerminalDisplay(terminal: terminal) : PlainDisplay(output: terminal.write)
        }
    }
}

/// Shows nothing.
struct QuietDisplay: ProgressDisplay {
    func show(_ event: BuildEvent) {}
    func finish(succeeded: Bool) {}
}
