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

    /// ADD: from the context alone.
    mutating func plan(_ add: AddInstruction, at range: SourceRange) throws(PlanErrors) {
        for case .path(let written) in add.sources {
            try refuseRemote(try expand(written, at: range), at: places.word(written, in: range))
        }
        if add.checksum != nil {
            throw PlanErrors(
                "Checksum",
                "--checksum requires an HTTP(S) or Git source",
                at: places.flag("checksum", in: range),
                hint: "files of the build context are told apart by their content anyway: leave it out"
            )
        }
        if add.keepGitDirectory != nil {
            throw PlanErrors(
                "KeepGitDir",
                "--keep-git-dir requires a Git source",
                at: places.flag("keep-git-dir", in: range),
                hint: "leave it out"
            )
        }
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
        try append(operation, expanding: add.sources, keyword: "ADD", flags: add.link ? ["--link"] : [], at: range)
    }

    private func refuseRemote(_ source: ByteString, at range: SourceRange?) throws(PlanErrors) {
        guard let kind = RemoteSource(source) else { return }
        throw PlanErrors(
            "Unsupported",
            "ADD of a \(kind.rawValue) is unsupported: `\(source)`",
            at: range,
            hint: "fetch it in a RUN, or put the files into the build context"
        )
    }

    /// Completes and appends an operation that still holds what was written.
    private mutating func append(
        _ unexpanded: CopyOperation,
        expanding sources: [CopySource],
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

        for case .path(let written) in sources {
            let path = try expand(written, at: range)
            try check(path, written: written, keyword: keyword, at: range)
            operation.sources.append(.path(path))
            words.append(path.description)
        }
        if operation.sources.isEmpty { operation.origin = .nothing }
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
        if keyword == "COPY", let kind = RemoteSource(path) {
            throw PlanErrors(
                "RemoteCopy",
                "source can't be a \(kind.rawValue) for COPY: `\(path)`",
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
