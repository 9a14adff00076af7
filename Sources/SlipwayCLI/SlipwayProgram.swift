import ArgumentParser
import LinuxSystem

/// The command line as a whole, for the program to start.
package enum SlipwayProgram {
    /// Runs the command that the arguments of the process name, and ends the process with its status.
    package static func run() async {
        // What the store and exports create has the modes it is given, whatever the caller's mask.
        _ = Host.setFileCreationMask(0o022)
        try? StandardStreams.fillGaps()
        try? SignalWatcher.ignoreBrokenPipe()
        await SlipwayCommand.main()
    }
}
