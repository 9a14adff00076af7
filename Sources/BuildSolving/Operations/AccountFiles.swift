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
