import LinuxSystem
import SystemPackage

/// The pipes by which a command's output comes.
enum OutputPipe {
    /// Lets the user of a container open the other end anew, through `/dev/stdout`, and reading find that there is nothing.
    ///
    /// `reader` is the reading end; both ends are one file to the kernel.
    static func give(_ reader: borrowing OwnedDescriptor, to user: ResolvedUser) throws(SystemError) {
        try reader.setNonBlocking(true)
        do {
            // The group stays ours; the largest number stands for that.
            try reader.setOwner(user.user, .max)
        } catch {
            if error.errno != .notPermitted, error.errno != .readOnlyFileSystem { throw error }
        }
    }
}
