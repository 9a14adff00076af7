import ByteStrings
import SourceDiagnostics

extension InstructionParser {
    mutating func add(_ arguments: Arguments) -> AddInstruction? {
        guard let (sources, destination) = files(arguments) else { return nil }
        let flags = arguments.flags
        return AddInstruction(
            sources: sources,
            destination: destination,
            chown: flags.text("chown"),
            chmod: flags.text("chmod"),
            checksum: flags.text("checksum"),
            link: flags.boolean("link") ?? false,
            keepGitDirectory: flags.boolean("keep-git-dir"),
            unpack: flags.boolean("unpack"),
            excludes: flags.list("exclude")
        )
    }

    mutating func copy(_ arguments: Arguments) -> CopyInstruction? {
        guard let (sources, destination) = files(arguments) else { return nil }
        let flags = arguments.flags
        return CopyInstruction(
            sources: sources,
            destination: destination,
            from: flags.text("from"),
            chown: flags.text("chown"),
            chmod: flags.text("chmod"),
            link: flags.boolean("link") ?? false,
            parents: flags.boolean("parents") ?? false,
            excludes: flags.list("exclude")
        )
    }

    /// Sources and destination: paths first, then heredocs.
    private mutating func files(_ arguments: Arguments) -> (sources: [CopySource], destination: ByteString)? {
        let words: [Word]
        var isJSON = false
        switch strings(arguments.part, of: arguments.keyword) {
        case .strings(let strings):
            isJSON = true
            words = strings
        case .none: words = splitter.plainWords(in: arguments.part)
        case .mixed: return nil
        }
        let keyword = arguments.keyword.written
        guard words.count >= 2, let destination = words.last else {
            let provided = words.isEmpty ? "none was provided" : "only one was provided; the destination is missing"
            report(
                "MissingArguments",
                "\(keyword) requires at least two arguments, but \(provided)",
                at: words.first?.part ?? arguments.name,
                hint: "write `\(keyword) source … destination`"
            )
            return nil
        }
        if isJSON { return (words.dropLast().map { .path($0.text) }, destination.text) }
        return separated(words.dropLast(), destination, keyword)
    }

    private mutating func separated(
        _ words: ArraySlice<Word>,
        _ destination: Word,
        _ keyword: String
    ) -> (sources: [CopySource], destination: ByteString)? {
        if HeredocWord(destination) != nil {
            report(
                "InvalidHeredoc",
                "\(keyword) cannot accept a heredoc as a destination",
                at: destination.part,
                hint: "write the destination behind the heredoc: `\(keyword) \(destination.text) /path`"
            )
            return nil
        }
        var byName: [ByteString: Heredoc] = [:]
        for heredoc in heredocs { byName[heredoc.name] = heredoc }
        var paths: [CopySource] = []
        var documents: [CopySource] = []
        for word in words {
            if HeredocWord.isOperator(word.text) {
                report(
                    "InvalidHeredoc",
                    "the end word of a heredoc must follow `\(word.text)` at once",
                    at: word.part,
                    hint: "write it without a blank, such as `<<EOF`"
                )
                return nil
            }
            if let name = HeredocWord(word)?.name, let heredoc = byName[name] {
                documents.append(.heredoc(heredoc))
            } else {
                paths.append(.path(word.text))
            }
        }
        return (paths + documents, destination.text)
    }
}
