import BuildInterface
import Dispatch
import LinuxSystem
import Synchronization

/// Progress on a terminal: drawn in place while it goes on, left as a summary at the end.
final class TerminalDisplay: ProgressDisplay {
    private let state: Mutex<TerminalScreen>
    private let terminal: Terminal
    private let ticker: Ticker

    init(terminal: Terminal) {
        self.terminal = terminal
        state = Mutex(TerminalScreen(hasColour: terminal.hasColour, started: ContinuousClock.now))
        ticker = Ticker(interval: .milliseconds(100))
        ticker.start { [weak self] in self?.redraw(isLast: false) }
    }

    func show(_ event: BuildEvent) {
        state.withLock { $0.take(event, at: ContinuousClock.now) }
    }

    func finish(succeeded: Bool) {
        ticker.stop()
        state.withLock { $0.end(succeeded: succeeded) }
        redraw(isLast: true)
    }

    /// Draws on the ticker's thread, and after it has stopped on the caller's: never on two at once.
    private func redraw(isLast: Bool) {
        let size = terminal.size
        let text = state.withLock { screen in
            screen.redrawing(columns: size.columns, rows: size.rows, at: ContinuousClock.now, isLast: isLast)
        }
        // Without the lock: while a terminal takes nothing, events still get in.
        if !text.isEmpty { terminal.write(Array(text.utf8)) }
    }
}
