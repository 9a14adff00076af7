import ArgumentParser
import Dispatch
import LinuxSystem

/// The command line as a whole, for the program to start.
package enum SlipwayProgram {
    /// The file creation mask of the caller, for what is written for the user.
    ///
    /// Reading it sets the process's own: what the store creates has the modes it is given.
    static let callersMask = Host.setFileCreationMask(0o022)

    /// Runs the command that the arguments of the process name, and ends the process with its status.
    ///
    /// A command that needs the store goes into a namespace of users first, where it may mount nothing as it is. That works only as long as
    /// the process has one thread, so nothing concurrent happens before.
    package static func start() -> Never {
        _ = callersMask
        try? StandardStreams.fillGaps()
        try? SignalWatcher.ignoreBrokenPipe()
        do {
            let command = try SlipwayCommand.parseAsRoot()
            // It looks at the machine from outside, and goes where builds go to try what they do.
            if let doctor = command as? DoctorCommand { try doctor.examine() }
            if usesStore(command) { UserNamespace.enter() }
            try ThreadCreation.makePossible()
            Task { await run(command) }
        } catch let error as SystemError {
            let hint = "hint: run the outer container with `--security-opt seccomp=unconfined`\n"
            try? StandardStreams.write(to: .error, "error: \(error)\n" + hint)
            SlipwayCommand.exit(withError: ExitCode(1))
        } catch {
            SlipwayCommand.exit(withError: error)
        }
        dispatchMain()
    }

    private static func run(_ command: any ParsableCommand) async {
        do {
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                var command = command
                try command.run()
            }
            SlipwayCommand.exit()
        } catch {
            SlipwayCommand.exit(withError: error)
        }
    }

    /// Whether a command has the flags of the store.
    private static func usesStore(_ command: any ParsableCommand) -> Bool {
        Mirror(reflecting: command).children.contains { $0.value is OptionGroup<StateFlags> }
    }
}
