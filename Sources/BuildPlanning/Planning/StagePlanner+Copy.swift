import ByteStrings
import DockerfileSyntax
import OCIModel
import SourceDiagnostics

extension StagePlanner {
    /// COPY: from the context, or from the node its `--from` names.
    mutating func plan(_ copy: CopyInstruction, from source: Int?, at range: SourceRange) throws(PlanErrors) {
        var origin = FileOrigin.context(nil)
        if let source {
            guard let known = assembly.origin(of: source) else {
                let name = copy.from?.description ?? ""
                throw PlanErrors(
                    "StageOrder",
                    "cannot copy from stage `\(name)`: it needs to be defined before the stage that copies from it",
                    at: places.flag("from", in: range),
                    hint: "move the stage `\(name)` above this one"
                )
            }
            origin = known
        }
        var flags = copy.from.map { ["--from=\($0)"] } ?? []
        if copy.link { flags.append("--link") }
        let operation = CopyOperation(
            sources: [],
            origin: origin,
            destination: copy.destination,
            owner: copy.chown,
            permissions: copy.chmod,
            isLink: copy.link,
            keepsParents: copy.parents,
            excludes: copy.excludes
        )
        try append(operation, expanding: copy.sources, keyword: "COPY", flags: flags, at: range)
    }

    /// ADD: from the context, and from other machines.
    mutating func plan(_ add: AddInstruction, at range: SourceRange) throws(PlanErrors) {
        let operation = CopyOperation(
            sources: [],
            origin: .context(nil),
            destination: add.destination,
            owner: add.chown,
            permissions: add.chmod,
            isLink: add.link,
            excludes: add.excludes,
            unpacking: add.unpack ?? true ? .ifArchive : .never,
            isAdd: true
        )
        let remotes = try remoteSources(add, at: range)
        try append(
            operation,
            expanding: add.sources,
            remotes: remotes,
            keyword: "ADD",
            flags: add.link ? ["--link"] : [],
            at: range
        )
    }

    /// The sources of an ADD that are fetched, by their place among its sources.
    private func remoteSources(
        _ add: AddInstruction,
        at range: SourceRange
    ) throws(PlanErrors) -> [Int: RemoteSource] {
        var remotes: [Int: RemoteSource] = [:]
        for (index, source) in add.sources.enumerated() {
            guard case .path(let written) = source else { continue }
            remotes[index] = RemoteSource(try expand(written, at: range))
        }
        try check(add, remotes, at: range)
        let checksum = try add.checksum.map { written throws(PlanErrors) in try expand(written, at: range) }
        for (index, remote) in remotes {
            if remote.kind == .git { remotes[index]?.keepsGitDirectory = add.keepGitDirectory }
            if remote.kind == .url { remotes[index]?.isUnpacked = add.unpack == true }
            if let checksum {
                try check(checksum, of: remote.kind, at: range)
                remotes[index]?.checksum = checksum
            }
        }
        return remotes
    }

    /// Refuses flags that no source of the ADD can heed.
    private func check(
        _ add: AddInstruction,
        _ remotes: [Int: RemoteSource],
        at range: SourceRange
    ) throws(PlanErrors) {
        if add.checksum != nil, add.sources.count > 1 {
            throw PlanErrors(
                "Checksum",
                "--checksum can't be specified for multiple sources",
                at: places.flag("checksum", in: range),
                hint: "write an ADD for each source"
            )
        }
        if add.checksum != nil, remotes.isEmpty {
            throw PlanErrors(
                "Checksum",
                "--checksum requires an HTTP(S) or Git source",
                at: places.flag("checksum", in: range),
                hint: "files of the build context are told apart by their content anyway: leave it out"
            )
        }
        if add.keepGitDirectory != nil, !remotes.values.contains(where: { $0.kind == .git }) {
            throw PlanErrors(
                "KeepGitDir",
                "--keep-git-dir requires a Git source",
                at: places.flag("keep-git-dir", in: range),
                hint: "leave it out"
            )
        }
    }

    private func check(
        _ checksum: ByteString,
        of kind: RemoteSource.Kind,
        at range: SourceRange
    ) throws(PlanErrors) {
        let reason: String
        switch kind {
        case .url:
            do throws(DigestError) {
                _ = try Digest(checksum.description)
                return
            } catch {
                reason = "\(error)"
            }
        case .git:
            let isPart = checksum.bytes.allSatisfy { Self.hexadecimalDigits.contains($0 | 0x20) }
            if isPart, (1...64).contains(checksum.count) { return }
            reason = "it is no beginning of a commit's name"
        }
        throw PlanErrors(
            "Checksum",
            "invalid --checksum `\(checksum)`: \(reason)",
            at: places.flag("checksum", in: range),
            hint: kind == .url
                ? "write `sha256:` and 64 digits, as `sha256sum` prints them"
                : "write the hexadecimal digits of the commit, as `git rev-parse HEAD` prints them"
        )
    }

    private static let hexadecimalDigits = Set("0123456789abcdef".utf8)

    /// Completes and appends an operation that still holds what was written.
    private mutating func append(
        _ unexpanded: CopyOperation,
        expanding sources: [CopySource],
        remotes: [Int: RemoteSource] = [:],
        keyword: String,
        flags: [String],
        at range: SourceRange
    ) throws(PlanErrors) {
        var operation = unexpanded
        operation.owner = try owner(unexpanded.owner, isLink: unexpanded.isLink, at: range)
        operation.permissions = try permissions(unexpanded.permissions, at: range)
        // Files of a linked layer would keep the mode they have on their way, so the mode goes before the link.
        operation.isLink = unexpanded.isLink && operation.permissions == nil

        var words: [String] = unexpanded.keepsParents ? ["--parents"] : []
        if let owner = operation.owner { words.append("--chown=\(owner)") }
        if let permissions = operation.permissions { words.append("--chmod=\(permissions)") }

        for (index, source) in sources.enumerated() {
            guard case .path(let written) = source else { continue }
            if let remote = remotes[index] {
                operation.sources.append(.remote(remote))
                words.append(remote.shownAddress.description)
                continue
            }
            let path = try expand(written, at: range)
            try check(path, written: written, keyword: keyword, at: range)
            operation.sources.append(.path(path))
            words.append(path.description)
        }
        if !operation.sources.contains(where: \.isPath) { operation.origin = .nothing }
        let destination = try expand(unexpanded.destination, at: range)
        for case .heredoc(let heredoc) in sources {
            operation.sources.append(.inline(try file(heredoc, at: range)))
            words.append("<<\(heredoc.name)")
        }
        words.append(destination.description)
        operation.destination = destinationPath(destination)

        let title = ([keyword] + flags + words).joined(separator: " ")
        let step = append(.copy(operation), at: range, title: title)
        record("\(keyword) " + words.joined(separator: " ") + " # buildkit", step: step)
    }

    private func check(
        _ path: ByteString,
        written: ByteString,
        keyword: String,
        at range: SourceRange
    ) throws(PlanErrors) {
        if path.isEmpty {
            throw PlanErrors(
                "BlankSource",
                "\(keyword) source `\(written)` is blank",
                at: places.word(written, in: range),
                hint: "write `.` for everything; a variable needs a value from ARG or ENV above"
            )
        }
        if keyword == "COPY", let remote = RemoteSource(path) {
            throw PlanErrors(
                "RemoteCopy",
                "source can't be a \(remote.kind.rawValue) for COPY: `\(remote.shownAddress)`",
                at: places.word(written, in: range),
                hint: "ADD takes it"
            )
        }
    }

    /// The heredoc as a file, its variables replaced unless a part of its delimiter was quoted.
    private func file(_ heredoc: Heredoc, at range: SourceRange) throws(PlanErrors) -> InlineFile {
        var content = heredoc.content
        if heredoc.expands {
            content = try assembly.expander.expandHeredoc(content, state.environment, at: range)
        }
        let name = heredoc.name
        guard !name.isEmpty, name != ".", name != "..", !name.contains(ByteString.slash) else {
            throw PlanErrors(
                "HeredocName",
                "the heredoc name `\(name)` is no file name",
                at: places.word(heredoc.written, in: range),
                hint: "the end word names the file that is made: choose one without slashes"
            )
        }
        return InlineFile(name: name, content: content, permissions: 0o644)
    }

    /// The absolute path, with a slash at the end when what was written means a folder.
    private func destinationPath(_ written: ByteString) -> ByteString {
        let isFolder = written.isEmpty || written == "." || written.hasSuffix("/") || written.hasSuffix("/.")
        let path = absolutePath(written)
        return isFolder && path != "/" ? path + "/" : path
    }

    private func owner(_ written: ByteString?, isLink: Bool, at range: SourceRange) throws(PlanErrors) -> ByteString? {
        guard let written else { return nil }
        let owner = try expand(written, at: range)
        if owner.isEmpty { return nil }
        let parts = owner.bytes.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard parts.count <= 2 else {
            throw PlanErrors(
                "Chown",
                "invalid --chown `\(owner)`",
                at: places.flag("chown", in: range),
                hint: "write user, user:group or their numbers"
            )
        }
        if isLink, parts.contains(where: { ByteString($0).decimalNumber == nil }) {
            throw PlanErrors(
                "LinkChown",
                "--link knows no user or group names, yet --chown is `\(owner)`",
                at: places.flag("chown", in: range),
                hint: "a linked layer has no /etc/passwd below it: give numbers, or leave --link out"
            )
        }
        return owner
    }

    private func permissions(_ written: ByteString?, at range: SourceRange) throws(PlanErrors) -> ByteString? {
        guard let written else { return nil }
        let permissions = try expand(written, at: range)
        if permissions.isEmpty { return nil }
        guard PermissionText.isValid(permissions) else {
            throw PlanErrors(
                "Chmod",
                "invalid --chmod `\(permissions)`",
                at: places.flag("chmod", in: range),
                hint: "give an octal mode between 0 and 7777, or clauses such as u=rwX,go=rX"
            )
        }
        return permissions
    }
}
