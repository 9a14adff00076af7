import ByteStrings

/// Writes one instruction with its line end and its documents.
struct InstructionWriter {
    private static let blank = UInt8(ascii: " ")
    /// A blank that may follow an escape character without making it a continuation.
    private static let formFeed: UInt8 = 0x0C

    let escape: UInt8

    func text(_ from: FromInstruction) -> [UInt8] {
        var flags = FlagWriter()
        flags.add("platform", from.platform)
        var words = [from.image]
        if let name = from.stageName { words += ["AS", name] }
        return line(.from, flags, joined(words))
    }

    func text(_ instruction: Instruction) -> [UInt8] {
        let keyword = instruction.keyword
        switch instruction {
        case .add(let add): return text(add)
        case .arg(let arg): return line(keyword, joined(arg.declarations.map { word($0.name, $0.defaultValue) }))
        case .cmd(let cmd): return line(keyword, form(cmd.command))
        case .copy(let copy): return text(copy)
        case .entrypoint(let entrypoint): return line(keyword, form(entrypoint.command))
        case .env(let env): return line(keyword, text(env.pairs, env.isLegacyForm))
        case .expose(let expose): return line(keyword, joined(expose.ports))
        case .healthcheck(let healthcheck): return text(healthcheck)
        case .label(let label): return line(keyword, text(label.pairs, label.isLegacyForm))
        case .maintainer(let maintainer): return line(keyword, maintainer.name.bytes)
        case .onbuild(let onbuild): return text(onbuild)
        case .run(let run): return text(run)
        case .shell(let shell): return line(keyword, JSONFormWriter.text(shell.arguments))
        case .stopsignal(let stopsignal): return line(keyword, stopsignal.signal.bytes)
        case .user(let user): return line(keyword, user.user.bytes)
        case .volume(let volume): return text(volume)
        case .workdir(let workdir): return line(keyword, workdir.path.bytes)
        }
    }

    // MARK: Lines

    /// The instruction's line; what could be taken for a flag, or for a continuation, is kept from being one.
    private func line(_ keyword: InstructionKeyword, _ flags: FlagWriter, _ arguments: [UInt8]) -> [UInt8] {
        var line = Array(keyword.written.utf8) + flags.text
        if arguments.starts(with: "--".utf8) { line += " --".utf8 }
        if !arguments.isEmpty { line += [Self.blank] + arguments }
        // Blanks at the end are no part of the last word unless they are quoted, with or without an end to the quotes.
        if !arguments.isEmpty, line[...].trimmingTrailingBlanks.count < line.count { line += [escape, Self.formFeed] }
        if LineReader.continuation(of: line[...], escape: escape) != nil { line.append(Self.formFeed) }
        return line + [UInt8(ascii: "\n")]
    }

    private func line(_ keyword: InstructionKeyword, _ arguments: [UInt8]) -> [UInt8] {
        line(keyword, FlagWriter(), arguments)
    }

    private func joined(_ words: [ByteString]) -> [UInt8] {
        Array(words.map(\.bytes).joined(separator: [Self.blank]))
    }

    private func word(_ name: ByteString, _ value: ByteString?) -> ByteString {
        value.map { name + [UInt8(ascii: "=")] + $0 } ?? name
    }

    private func form(_ command: CommandForm) -> [UInt8] {
        switch command {
        case .shell(let text): text.bytes
        case .exec(let arguments): JSONFormWriter.text(arguments)
        }
    }

    private func text(_ pairs: [KeyValue], _ isLegacyForm: Bool) -> [UInt8] {
        guard isLegacyForm, let pair = pairs.first else { return joined(pairs.map { word($0.key, $0.value) }) }
        // Behind an escape character the first blank belongs to the first word, which decides the form.
        let gap = pair.key.last == escape ? [Self.blank, Self.blank] : [Self.blank]
        return pair.key.bytes + gap + pair.value.bytes
    }

    /// Plain words where they are read as the same list, else the JSON form.
    private func list(_ words: [ByteString]) -> [UInt8] {
        let plain = joined(words)
        let splitter = WordSplitter(line: plain, escape: escape)
        let isPlain =
            !plain.contains(UInt8(ascii: "\n"))
            && splitter.plainWords(in: splitter.trimmed(plain.indices)).map(\.text) == words
            && JSONStringArray.parse(plain[...]) == .none && !words.contains(where: holdsHeredocOperator)
            && LineReader.continuation(of: plain[...], escape: escape) == nil
        return isPlain ? plain : JSONFormWriter.text(words)
    }

    private func holdsHeredocOperator(_ word: ByteString) -> Bool {
        zip(word.bytes, word.bytes.dropFirst()).contains { $0 == UInt8(ascii: "<") && $1 == UInt8(ascii: "<") }
    }

    /// The JSON form of `VOLUME` takes blanks off its strings; a word that has some stays plain.
    private func text(_ volume: VolumeInstruction) -> [UInt8] {
        let list = list(volume.paths)
        guard list.first == UInt8(ascii: "["),
            volume.paths.contains(where: { $0.bytes[...].trimmingBlanks.count < $0.count })
        else { return line(.volume, list) }
        // No blank of JSON.
        return line(.volume, Array(volume.paths.map(\.bytes).joined(separator: [Self.formFeed])))
    }

    // MARK: Instructions

    private func text(_ healthcheck: HealthcheckInstruction) -> [UInt8] {
        guard case .command(let command, let options) = healthcheck else {
            return line(.healthcheck, Array("NONE".utf8))
        }
        var flags = FlagWriter()
        flags.add("interval", nanoseconds: options.interval)
        flags.add("timeout", nanoseconds: options.timeout)
        flags.add("start-period", nanoseconds: options.startPeriod)
        flags.add("start-interval", nanoseconds: options.startInterval)
        flags.add("retries", options.retries.map { ByteString(String($0)) })
        return line(.healthcheck, flags, Array("CMD ".utf8) + form(command))
    }

    private func text(_ onbuild: OnbuildInstruction) -> [UInt8] {
        var text = Array("ONBUILD ".utf8) + onbuild.text.bytes
        let first = text.prefix { $0 != UInt8(ascii: "\n") }
        // Such a line ends only where the file does, behind a continuation.
        if first.count == text.count,
            LineReader.continuation(of: first, escape: escape) != nil || first.last == UInt8(ascii: "\r")
        {
            text.append(escape)
        }
        return text + [UInt8(ascii: "\n")]
    }

    private func text(_ run: RunInstruction) -> [UInt8] {
        var flags = FlagWriter()
        flags.add("mount", run.mounts)
        flags.add("network", run.network)
        flags.add("security", run.security)
        flags.add("device", run.devices)
        return line(.run, flags, form(run.command)) + run.heredocs.flatMap(document)
    }

    private func text(_ copy: CopyInstruction) -> [UInt8] {
        var flags = FlagWriter()
        flags.add("from", copy.from)
        flags.add("chown", copy.chown)
        flags.add("chmod", copy.chmod)
        flags.add("link", copy.link ? true : nil)
        flags.add("parents", copy.parents ? true : nil)
        flags.add("exclude", copy.excludes)
        return text(.copy, flags, copy.sources, copy.destination)
    }

    private func text(_ add: AddInstruction) -> [UInt8] {
        var flags = FlagWriter()
        flags.add("chown", add.chown)
        flags.add("chmod", add.chmod)
        flags.add("checksum", add.checksum)
        flags.add("link", add.link ? true : nil)
        flags.add("keep-git-dir", add.keepGitDirectory)
        flags.add("unpack", add.unpack)
        flags.add("exclude", add.excludes)
        return text(.add, flags, add.sources, add.destination)
    }

    private func text(
        _ keyword: InstructionKeyword,
        _ flags: FlagWriter,
        _ sources: [CopySource],
        _ destination: ByteString
    ) -> [UInt8] {
        var paths: [ByteString] = []
        var documents: [Heredoc] = []
        for source in sources {
            switch source {
            case .path(let path): paths.append(path)
            case .heredoc(let heredoc): documents.append(heredoc)
            }
        }
        if documents.isEmpty {
            return line(keyword, flags, list(paths + [destination]))
        }
        // First, since an escape character at the end of a path would reach into the word behind it.
        let arguments = joined(documents.map(\.written) + paths + [destination])
        // Of documents of one name the last is meant by all words; some words name documents that no source stands for.
        var contents: [ByteString: Heredoc] = [:]
        for document in documents { contents[document.name] = document }
        var texts: [[UInt8]] = []
        for word in HeredocWord.all(in: arguments, arguments.indices).reversed() {
            texts.append(contents.removeValue(forKey: word.name).map(document) ?? end(of: word.name))
        }
        return line(keyword, flags, arguments) + texts.reversed().joined()
    }

    private func document(_ heredoc: Heredoc) -> [UInt8] {
        heredoc.writtenContent.bytes + end(of: heredoc.name)
    }

    private func end(of name: ByteString) -> [UInt8] {
        name.bytes + [UInt8(ascii: "\n")]
    }
}
