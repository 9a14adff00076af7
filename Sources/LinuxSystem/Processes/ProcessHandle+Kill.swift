import Glibc

extension ProcessHandle {
    /// Kills a process that is not a child of this one, by its number; that it is gone already is no error.
    package static func kill(process: Int32) {
        _ = Glibc.kill(process, SIGKILL)
    }
}
