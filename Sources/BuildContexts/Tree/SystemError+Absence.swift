import LinuxSystem
import SystemPackage

extension SystemError {
    /// Whether the call failed because the path leads nowhere, or through something that is no directory.
    var meansAbsence: Bool {
        errno == .noSuchFileOrDirectory || errno == .notDirectory || errno == .tooManySymbolicLinkLevels
    }
}
