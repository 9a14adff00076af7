import ByteStrings
import Synchronization
import SystemPackage

/// The user namespace that this process is in: which users and groups there are for it.
///
/// Source: `user_namespaces(7)`.
package struct UserNamespace: Hashable, Sendable {
    package var users: IDMap
    package var groups: IDMap

    /// The user who started the process, by the number outside.
    package var callerUserID: UInt32

    /// Why there are no other ids than the caller's own; nil where nobody asked for more, or got them.
    package var note: String?

    /// Whether the process has made it for itself, so that it is not the initial one whatever its ids are.
    package var isOwn = false

    /// Why the process may neither mount nor give files away, and got no namespace where it may; nil where it may.
    ///
    /// Files of layers are then all the caller's on disk, and what they are meant to be is recorded.
    package var refusal: UserNamespaceError?

    package init(users: IDMap, groups: IDMap, callerUserID: UInt32, note: String? = nil) {
        self.users = users
        self.groups = groups
        self.callerUserID = callerUserID
        self.note = note
    }

    /// The namespace that the kernel starts with, for root.
    package static let initial = UserNamespace(users: .initial, groups: .initial, callerUserID: 0)

    /// Stands for the namespace that the caller was refused: there are no ids that files could have.
    package static func refused(_ refusal: UserNamespaceError, callerUserID: UInt32) -> UserNamespace {
        let none = IDMap(ranges: [])
        var namespace = UserNamespace(users: none, groups: none, callerUserID: callerUserID)
        namespace.refusal = refusal
        return namespace
    }

    /// Whether this is the namespace that the kernel starts with, in which root has every right.
    package var isInitial: Bool {
        keepsIDs && !isOwn
    }

    /// Whether every id is what it is on the machine, so that files can be given to whomever an image names.
    package var keepsIDs: Bool {
        users == .initial && groups == .initial
    }

    /// Whether there is one user or one group only, so that files cannot be given away.
    package var hasSingleID: Bool {
        users.count <= 1 || groups.count <= 1
    }

    /// Whether a file can belong to this owner here.
    package func contains(owner: UInt32, group: UInt32) -> Bool {
        users.contains(owner) && groups.contains(group)
    }

    /// What tells files made under this namespace from those made under another; empty for the initial one.
    package var tag: String {
        isInitial ? "" : "users \(users.text) groups \(groups.text)"
    }

    private static let entered = Mutex<UserNamespace?>(nil)

    /// The namespace of this process, looked at once.
    package static var current: UserNamespace { entered.withLock { $0 } ?? started }

    /// The one that the process was started in.
    private static let started = found()

    /// Remembers where the process has gone, before anybody asks.
    static func remember(_ namespace: UserNamespace) {
        entered.withLock { $0 = namespace }
    }

    /// What the kernel says; a process that is not root is taken for one of the initial namespace.
    private static func found() -> UserNamespace {
        let caller = Host.effectiveUserID
        let initial = UserNamespace(users: .initial, groups: .initial, callerUserID: caller)
        guard caller == 0, let users = try? map("uid_map"), let groups = try? map("gid_map") else { return initial }
        let isSingle = users.count == 1 || groups.count == 1
        let note = isSingle ? "the user namespace that it was started in has no more" : nil
        return UserNamespace(users: users, groups: groups, callerUserID: caller, note: note)
    }

    static func map(_ name: ByteString) throws(SystemError) -> IDMap {
        let path = ByteString("/proc/self").appendingPath(name)
        let text = try OwnedDescriptor.openFile(path, .readOnly).readAll(limit: 64 << 10)
        guard let map = IDMap(parsing: ByteString(text)) else {
            throw SystemError(operation: "read the ids", errno: .invalidArgument, path: path)
        }
        return map
    }
}
