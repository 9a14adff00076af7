import BuildContexts
import ByteStrings
import ContainerSandbox
import FileModel
import LayerSnapshots
import LinuxSystem
import SourceDiagnostics

/// The users and groups of a file system that a build works on.
struct AccountFiles: Sendable {
    let passwd: [UInt8]?
    let group: [UInt8]?

    private static let folder: ByteString = "etc"
    private static let passwdPath: ByteString = "etc/passwd"
    private static let groupPath: ByteString = "etc/group"

    /// So many bytes of both are kept with a file system.
    private static let mostKept = 64 << 10

    /// Reads `/etc/passwd` and `/etc/group`; what is missing or no regular file counts as not there.
    ///
    /// Layers are read once for as many commands as leave `/etc` alone.
    init(in tree: any FileTree) throws {
        var files: AccountFiles?
        let kept = try (tree as? SnapshotView)?.derived(fromBelow: Self.folder) {
            let read = try AccountFiles(reading: tree)
            files = read
            return try read.mayBeKept(with: tree) ? read : nil
        }
        self = try kept ?? files ?? AccountFiles(reading: tree)
    }

    private init(reading tree: any FileTree) throws {
        passwd = try Self.read(Self.passwdPath, in: tree)
        group = try Self.read(Self.groupPath, in: tree)
    }

    /// Whether the files are small, and came from where they seem to be: a link may lead to what any layer has a say on.
    private func mayBeKept(with tree: any FileTree) throws -> Bool {
        guard (passwd?.count ?? 0) + (group?.count ?? 0) <= Self.mostKept else { return false }
        return try [Self.folder, Self.passwdPath, Self.groupPath].allSatisfy { path in
            try tree.status(path)?.kind != .symbolicLink
        }
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
        do throws(UserLookupError) {
            return try UserLookup.resolve(text, passwd: passwd, group: group)
        } catch {
            throw SolveFailure(error.description, hint: hint(for: error))
        }
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

    /// The way out: the name that was probably meant, or those there are.
    private func hint(for error: UserLookupError) -> String? {
        switch error {
        case .unknownUser(let name):
            Self.hint(name, UserLookup.userNames(in: passwd ?? []), tool: "useradd or adduser")
        case .unknownGroup(let name):
            Self.hint(name, UserLookup.groupNames(in: group ?? []), tool: "groupadd or addgroup")
        case .numberOutOfRange: "ids are numbers from 0 to 4294967294"
        case .tooManyGroups: "name a group as well, such as user:group: then it is the only one"
        }
    }

    private static func hint(_ name: ByteString, _ known: [ByteString], tool: String) -> String {
        let way = "add it with a RUN \(tool) first, or give a number"
        if known.isEmpty { return "the image has no accounts: \(way)" }
        if let closest = Suggestion.closest(to: name.description, among: known.map(\.description)) {
            return "did you mean `\(closest)`? Else \(way)"
        }
        let shown = known.prefix(8).map { "`\($0)`" }.joined(separator: ", ")
        return "there is \(shown)\(known.count > 8 ? ", …" : ""): \(way)"
    }
}
