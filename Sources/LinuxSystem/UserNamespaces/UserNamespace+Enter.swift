import ByteStrings
import CLinuxSystem
import Glibc
import SystemPackage

extension UserNamespace {
    /// Moves this process, which must not have another thread, to where it may mount and give files away.
    ///
    /// Root of a machine stays where it is. Others get a user and a mount namespace of their own, where they are root: an
    /// ordinary user with the subordinate ids of `/etc/subuid` and `/etc/subgid`, root of a container with the ids it had.
    /// Where there are none, or they cannot be set, the caller's id is the only one, and ``note`` of ``current`` says why;
    /// where there is no namespace, ``refusal`` says that. The process keeps its number, its descriptors and its working
    /// directory. Call it before ``current`` is used.
    package static func enter() {
        let user = Host.effectiveUserID
        if user == 0, Host.hasCapability(administration) { return }
        do throws(UserNamespaceError) {
            try enter(user)
        } catch {
            remember(.refused(error, callerUserID: user))
        }
    }

    /// `CAP_SYS_ADMIN`, and what the kernel asks of those who map root, since Linux 5.12.
    private static let (administration, fileCapabilities): (UInt32, UInt32) = (21, 31)

    private static func enter(_ user: UInt32) throws(UserNamespaceError) {
        if user == 0, !Host.hasCapability(fileCapabilities) { throw .incapable("CAP_SETFCAP") }
        let group = Host.effectiveGroupID
        let plan =
            user == 0
            ? MapPlan(ofRoot: group) : MapPlan(user: user, group: group, environment: Host.environment)
        var helper = plan.helper()
        guard slipway_unshare_users() == 0 else {
            let error = Errno(rawValue: errno)
            helper.take()?.dismiss()
            throw .refused(error, switch: refusingSwitch())
        }
        var note = plan.note
        if let helper = helper.take() { note = helper.run() } else { note = note ?? "the ids cannot be set" }
        var namespace: UserNamespace
        do throws(SystemError) {
            try mapOwnIDs(plan)
            namespace = UserNamespace(
                users: try map("uid_map"),
                groups: try map("gid_map"),
                callerUserID: user,
                note: note
            )
        } catch {
            throw .unmapped(error)
        }
        guard slipway_make_mounts_private() == 0 else {
            throw .powerless(Errno(rawValue: errno), switch: refusingSwitch())
        }
        namespace.isOwn = true
        // Where it is refused there are no keys to be kept from containers.
        _ = slipway_join_session_keyring()
        remember(namespace)
    }

    /// Maps the caller's own user and group to root, as far as nobody has set a map.
    private static func mapOwnIDs(_ plan: MapPlan) throws(SystemError) {
        if try map("uid_map").ranges.isEmpty {
            try write(IDMap(own: plan.user, subordinate: []).text, to: "/proc/self/uid_map")
        }
        if try map("gid_map").ranges.isEmpty {
            // Else a group that forbids something could be left.
            try write("deny", to: "/proc/self/setgroups")
            try write(IDMap(own: plan.group, subordinate: []).text, to: "/proc/self/gid_map")
        }
    }

    private static func write(_ text: ByteString, to path: ByteString) throws(SystemError) {
        let file = try OwnedDescriptor.openFile(path, .writeOnly)
        try file.write(text.bytes)
    }

    /// The line that turns the switch of this machine which keeps ordinary users from namespaces; nil when none does.
    package static func refusingSwitch() -> String? {
        refusingSwitch { path in
            guard let file = try? OwnedDescriptor.openFile(path, .readOnly) else { return nil }
            guard let bytes = try? file.readAll(limit: 64) else { return nil }
            return ByteString(bytes.prefix { $0 > 0x20 })
        }
    }

    /// The same for what `read` says is in a file; nil stands for a file that is not there.
    static func refusingSwitch(_ read: (ByteString) -> ByteString?) -> String? {
        let switches: [(name: String, off: ByteString, on: String)] = [
            ("user.max_user_namespaces", "0", "10000"),
            ("kernel.unprivileged_userns_clone", "0", "1"),
            ("kernel.apparmor_restrict_unprivileged_userns", "1", "0"),
        ]
        for (name, off, on) in switches {
            let path = "/proc/sys/" + name.split(separator: ".").joined(separator: "/")
            if read(ByteString(path)) == off { return "sysctl -w \(name)=\(on)" }
        }
        return nil
    }
}
