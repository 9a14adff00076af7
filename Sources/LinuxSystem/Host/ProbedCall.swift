import CLinuxSystem

/// System calls that older kernels lack, and that a filter around this process may hide.
package enum ProbedCall: String, Hashable, Sendable, CaseIterable {
    case openat2, clone3, fsopen
    case mountSetAttributes = "mount_setattr"
    case closeRange = "close_range"
    case openProcess = "pidfd_open"
    case seccomp

    /// Whether the kernel has the call and lets this process make it.
    package var isPresent: Bool {
        let call: slipway_probed_call =
            switch self {
            case .openat2: slipway_probe_openat2
            case .clone3: slipway_probe_clone3
            case .fsopen: slipway_probe_fsopen
            case .mountSetAttributes: slipway_probe_mount_setattr
            case .closeRange: slipway_probe_close_range
            case .openProcess: slipway_probe_pidfd_open
            case .seccomp: slipway_probe_seccomp
            }
        return slipway_has_call(call) == 1
    }
}
