package import Foundation

/// A program that a test starts.
///
/// It stands for Foundation's `Process`, which on Linux now and then copies a directory entry from behind the end of
/// mapped memory while it looks for open descriptors, and takes all tests with it.
package final class ChildProcess {
    package var executableURL: URL?
    package var arguments: [String] = []

    /// Nil for that of the tests.
    package var environment: [String: String]?

    /// Nil for that of the tests.
    package var currentDirectoryURL: URL?

    /// Whose other end the test writes to; nil for ``inputFile``.
    package var standardInput: Foundation.Pipe?

    /// Nil for the standard input of the tests.
    package var inputFile: FileHandle?

    /// Whose other end the test reads; nil for the standard output of the tests.
    package var standardOutput: Foundation.Pipe?

    /// Nil for the standard error of the tests.
    package var standardError: Foundation.Pipe?

    /// Whether nobody reads what it writes to standard error.
    package var discardsErrors = false

    /// Zero before it was started.
    package private(set) var processIdentifier: pid_t = 0

    /// What `waitpid(2)` said; nil until then.
    private var ending: Int32?

    package init() {}

    deinit {
        guard processIdentifier > 0, ending == nil else { return }
        kill(processIdentifier, SIGKILL)
        waitUntilExit()
    }

    /// Starts it, with no other descriptors than the three.
    package func run() throws {
        let words = [executableURL?.path ?? ""] + arguments
        processIdentifier = try Spawning.start(words, environment: environment) { actions in
            if let directory = currentDirectoryURL { _ = changeDirectory(&actions, directory.path) }
            if let input = standardInput?.fileHandleForReading ?? inputFile {
                posix_spawn_file_actions_adddup2(&actions, input.fileDescriptor, 0)
            }
            if let output = standardOutput?.fileHandleForWriting {
                posix_spawn_file_actions_adddup2(&actions, output.fileDescriptor, 1)
            }
            if let errors = standardError?.fileHandleForWriting {
                posix_spawn_file_actions_adddup2(&actions, errors.fileDescriptor, 2)
            } else if discardsErrors {
                posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
            }
            _ = closeFrom(&actions, 3)
        }
        // Else the ends of the files would never come.
        try? standardInput?.fileHandleForReading.close()
        try? standardOutput?.fileHandleForWriting.close()
        try? standardError?.fileHandleForWriting.close()
    }

    package func waitUntilExit() {
        guard ending == nil else { return }
        var status: Int32 = 0
        while waitpid(processIdentifier, &status, 0) == -1, errno == EINTR {}
        ending = status
    }

    /// The exit status, or 128 and the number of the signal that ended it; -1 before ``waitUntilExit()``.
    package var terminationStatus: Int32 {
        ending.map(Spawning.shellStatus) ?? -1
    }
}

// The header shows both to GNU sources alone, which Swift's are not. Source: `posix_spawn_file_actions_init(3)`, glibc 2.34.

@_silgen_name("posix_spawn_file_actions_addchdir_np")
private func changeDirectory(
    _ actions: UnsafeMutablePointer<posix_spawn_file_actions_t>,
    _ path: UnsafePointer<CChar>
) -> CInt

@_silgen_name("posix_spawn_file_actions_addclosefrom_np")
private func closeFrom(_ actions: UnsafeMutablePointer<posix_spawn_file_actions_t>, _ first: CInt) -> CInt
