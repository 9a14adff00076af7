import BuildInterface
import LinuxSystem
import SourceDiagnostics

/// Tells the user, once, why a build failed and what it warned of.
struct FailurePrinter {
    let terminal: Terminal

    func show(_ message: String) {
        terminal.write(Array("error: \(message)\n".utf8))
    }

    func show(_ failure: BuildFailure) {
        var text = ""
        if let command = failure.command {
            text += "------\n > \(OutputLines.shown(command.title)):\n"
            for line in command.lastLines { text += OutputLines.shown(line) + "\n" }
            if let file = command.logFile { text += "   (all of it: \(file))\n" }
            text += "------\n"
        }
        let printer = DiagnosticPrinter()
        for diagnostic in failure.diagnostics {
            text += printer.render(diagnostic, in: failure.source) + "\n"
        }
        terminal.write(Array(text.utf8))
    }

    func show(warnings: WarningList) {
        let all = warnings.all
        guard !all.isEmpty else { return }
        let printer = DiagnosticPrinter()
        var text = "\n \(all.count) warning\(all.count == 1 ? "" : "s") found:\n"
        for (diagnostic, source) in all { text += printer.render(diagnostic, in: source) + "\n" }
        terminal.write(Array(text.utf8))
    }
}
