import ByteStrings
import SourceDiagnostics

extension InstructionParser {
    mutating func from(_ arguments: Arguments) -> FromInstruction? {
        let words = splitter.plainWords(in: arguments.part)
        guard words.count == 1 || (words.count == 3 && Self.isAs(words[1].text)) else {
            let part = words.count > 1 ? words[1].part : arguments.name
            var hint: String? = "write `FROM image` or `FROM image AS name`"
            if words.count == 2, Self.isAs(words[1].text) { hint = "a name for the stage is missing behind AS" }
            report("InvalidFrom", "FROM requires either one or three arguments", at: part, hint: hint)
            return nil
        }
        var from = FromInstruction(image: words[0].text, platform: arguments.flags.text("platform"))
        guard words.count == 3 else { return from }
        from.stageName = words[2].text
        if !Self.isStageName(words[2].text) {
            report(
                "InvalidStageName",
                "invalid name for build stage: `\(words[2].text)`, name can't start with a number or contain symbols",
                at: words[2].part,
                hint: "it takes letters, digits, and `-`, `_`, `.` behind the first letter"
            )
        }
        return from
    }

    private static func isAs(_ word: ByteString) -> Bool {
        word.bytes.map { $0 | 0x20 } == Array("as".utf8)
    }

    private static func isStageName(_ name: ByteString) -> Bool {
        func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) && byte >= 0x41 }
        guard let first = name.bytes.first, isLetter(first) else { return false }
        return name.bytes.allSatisfy { isLetter($0) || GoLiteral.isDigit($0) || "-_.".utf8.contains($0) }
    }

    // MARK: Words

    mutating func arg(_ arguments: Arguments) -> ArgInstruction? {
        let words = splitter.quotedWords(in: arguments.part)
        var comments = line.innerComments[...]
        guard !words.isEmpty else {
            reportMissing(arguments)
            return nil
        }
        var declarations: [ArgDeclaration] = []
        for word in words {
            let above = comments.prefix { $0.text <= word.part.lowerBound }
            comments = comments.dropFirst(above.count)
            let found = above.map { LineReader.comment($0.line, in: source) }
            guard let equals = word.text.bytes.firstIndex(of: UInt8(ascii: "=")) else {
                declarations.append(ArgDeclaration(name: word.text, comments: found))
                continue
            }
            if equals == 0 {
                report("BlankName", "ARG names can not be blank", at: word.part)
                continue
            }
            declarations.append(
                ArgDeclaration(
                    name: ByteString(word.text.bytes[..<equals]),
                    defaultValue: ByteString(word.text.bytes[(equals + 1)...]),
                    comments: found
                )
            )
        }
        return declarations.isEmpty ? nil : ArgInstruction(declarations: declarations)
    }

    /// The pairs of `ENV` and `LABEL`: the first word decides which form the line has.
    mutating func pairs(_ arguments: Arguments) -> (pairs: [KeyValue], isLegacy: Bool)? {
        let words = splitter.quotedWords(in: arguments.part)
        guard let first = words.first else {
            reportMissing(arguments)
            return nil
        }
        let keyword = arguments.keyword.written
        guard first.text.contains(UInt8(ascii: "=")) else {
            guard let pair = splitter.legacyPair(in: arguments.part) else {
                report(
                    "MissingArguments",
                    "\(keyword) must have two arguments",
                    at: first.part,
                    hint: "write `\(keyword) \(first.text)=value`"
                )
                return nil
            }
            return ([KeyValue(key: pair.key.text, value: pair.value.text)], true)
        }
        var pairs: [KeyValue] = []
        for word in words {
            guard let equals = word.text.bytes.firstIndex(of: UInt8(ascii: "=")) else {
                report(
                    "MissingEquals",
                    "can't find = in `\(word.text)`: \(keyword) must be of the form name=value",
                    at: word.part,
                    hint: "put quotes around a value with blanks"
                )
                continue
            }
            if equals == 0 {
                report("BlankName", "\(keyword) names can not be blank", at: word.part)
                continue
            }
            pairs.append(
                KeyValue(
                    key: ByteString(word.text.bytes[..<equals]),
                    value: ByteString(word.text.bytes[(equals + 1)...])
                )
            )
        }
        return pairs.isEmpty ? nil : (pairs, false)
    }

    mutating func expose(_ arguments: Arguments) -> ExposeInstruction? {
        let words = splitter.plainWords(in: arguments.part)
        guard !words.isEmpty else {
            reportMissing(arguments)
            return nil
        }
        return ExposeInstruction(ports: words.map(\.text))
    }

    mutating func volume(_ arguments: Arguments) -> VolumeInstruction? {
        let paths: [Word]
        switch strings(arguments.part, of: .volume) {
        case .strings(let strings):
            paths = strings.map { Word(text: ByteString($0.text.bytes[...].trimmingBlanks), part: $0.part) }
        case .none: paths = splitter.plainWords(in: arguments.part)
        case .mixed: return nil
        }
        guard !paths.isEmpty else {
            reportMissing(arguments)
            return nil
        }
        for path in paths where path.text.isEmpty {
            report("BlankVolume", "VOLUME specified can not be an empty string", at: path.part)
        }
        return paths.contains { $0.text.isEmpty } ? nil : VolumeInstruction(paths: paths.map(\.text))
    }
}
