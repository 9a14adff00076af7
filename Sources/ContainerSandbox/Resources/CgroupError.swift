package import LinuxSystem
import SystemPackage

/// Why a limit cannot be applied on this host.
package enum CgroupError: Error, Hashable, Sendable {
    /// The kernel, or whoever set up this machine, offers no such controller.
    case controllerMissing(CgroupLimit, controller: String)

    /// The controller is there and no group with it can be made from where the builder runs.
    case notDelegated(CgroupLimit, SystemError?)

    /// The kernel counts no swap.
    case swapNotCounted

    /// The kernel refused the value.
    case refused(CgroupLimit, value: String, SystemError)

    /// The text given for the parent is no path of a group.
    case invalidParent(String)

    /// The groups of this machine cannot be found out.
    case unreadable(SystemError)

    /// A limit of processes beyond what the builder itself may set.
    case processLimitTooHigh(ResourceLimit.Resource, wanted: UInt64, highest: UInt64)
}

extension CgroupError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .controllerMissing(let limit, let controller):
            "cannot apply `--\(limit.rawValue)`: this machine has no cgroup controller `\(controller)`"
        case .notDelegated(let limit, let error?) where error.errno == .readOnlyFileSystem:
            """
            cannot apply `--\(limit.rawValue)`: control groups are read-only in this container; give the limit to the \
            container itself
            """
        case .notDelegated(let limit, let error):
            """
            cannot apply `--\(limit.rawValue)`: no cgroup may be made here\(error.map { " (\($0))" } ?? ""); run as \
            root, or in a delegated group, such as `systemd-run --user --scope -p Delegate=yes slipway …`
            """
        case .swapNotCounted:
            "cannot apply `--memory-swap`: this kernel counts no swap; boot it with `swapaccount=1`"
        case .refused(let limit, let value, let error):
            "cannot apply `--\(limit.rawValue)`: the kernel refuses `\(value)` (\(error))"
        case .invalidParent(let text):
            "cannot apply `--cgroup-parent`: `\(text)` is not the path of a group"
        case .unreadable(let error):
            "cannot find the control groups of this machine: \(error)"
        case .processLimitTooHigh(let resource, let wanted, let highest):
            """
            cannot apply `--ulimit \(resource)`: \(ResourceLimit.text(wanted)) is more than the \
            \(ResourceLimit.text(highest)) that may be given here
            """
        }
    }
}
