import LinuxSystem

/// What this process may do.
enum Privileges {
    /// Whether overlay file systems can be mounted and devices made.
    static let canMount = Host.effectiveUserID == 0
}
