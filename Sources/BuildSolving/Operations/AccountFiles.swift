import BuildContexts
import ByteStrings
import ContainerSandbox
import FileModel
import LayerSnapshots
import LinuxSystem

/// The users and groups of a file system that a build works on.
struct AccountFiles: Sendable {
    let passwd: [UInt8]?
    let group: [UInt8]?

    /// Reads `/etc/passwd` and `/etc/group`; what is missing or no regular file counts as not there.
    init(in tree: any FileTree) throws {
        passwd = try Self.read("etc/passwd", in: tree)
        group = try Self.read("etc/group", in: tree)
    }

    private static func read(_ path: ByteString, in tree: any FileTree) throws -> [UInt8]? {
        guard let resolved = try tree.resolve(path, followingLast: true), let entry = try tree.status(resolved) else {
            return nil
        }
        guard entry.kind == .regular else { return nil }
        guard entry.size <= UInt64(UserLookup.sizeLimit) else {
            throw SolveFailure("`/\(path)` of the image has more than \(UserLookup.sizeLimit) bytes")
        }
        return try tree.open(resolved).readAll(limit: UserLookup.sizeLimit)
    }

    /// The user that a USER instruction names.
    func user(_ text: ByteString) throws -> ResolvedUser {
        try UserLookup.resolve(text, passwd: passwd, group: group)
    }

    /// The owner that `--chown` names.
    ///
    /// A number without a group is the group's number as well; a name brings the group of its account.
    func owner(_ text: ByteString) throws -> CopyOptions.Owner {
        let isNumber = !text.isEmpty && text.allSatisfy { (0x30...0x39).contains($0) }
        let full = isNumber ? text + ByteString(":") + text : text
        // `:group` names a group alone; the user stays root.
        let user = try user(full.first == UInt8(ascii: ":") ? ByteString("0") + full : full)
        return CopyOptions.Owner(user: user.user, group: user.group)
    }
}
