import ArgumentParser
import LinuxSystem

/// The command line as a whole, for the program to start.
package enum SlipwayProgram {
    /// The file creation mask of the caller, for what is written for the user.
    ///
    /// Reading it sets the process's own: what the store creates has the modes it is given.
    static let callersMask = Host.setFileCreationMask(0o022)

    /// Runs the command that the arguments of the process name, and ends the process with its status.
    package static func run() async {
        _ = callersMask
        try? StandardStreams.fillGaps()
        try? SignalWatcher.ignoreBrokenPipe()
        await SlipwayCommand.main()
    }
}
