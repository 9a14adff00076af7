import ByteStrings
import SourceDiagnostics

/// The flags given to one instruction, checked against those it takes.
struct FlagValues {
    /// A flag that cannot be used, the word it stands in, and what may have been meant.
    struct Mistake {
        let id: DiagnosticID
        let message: String
        let word: Word
        var hint: String?
    }

    private(set) var mistakes: [Mistake] = []
    private var values: [String: [Word]] = [:]

    init(_ words: [Word], of keyword: InstructionKeyword) {
        guard !words.isEmpty else { return }
        let known = FlagTable.flags(of: keyword)
        for word in words { add(word, known, keyword) }
    }

    private mutating func add(
        _ word: Word,
        _ known: [(name: String, kind: FlagTable.Kind)],
        _ keyword: InstructionKeyword
    ) {
        let text = word.text.bytes.dropFirst(2)
        let equals = text.firstIndex(of: UInt8(ascii: "="))
        let written = ByteString(text[..<(equals ?? text.endIndex)])
        let value = equals.map { ByteString(text[($0 + 1)...]) }
        guard let flag = known.first(where: { written == ByteString($0.name) }) else {
            var mistake = Mistake(id: "UnknownFlag", message: "unknown flag: `--\(written)`", word: word)
            if let closest = Suggestion.closest(to: written.description.lowercased(), among: known.map(\.name)) {
                mistake.hint = "did you mean `--\(closest)`?"
            } else if let exact = known.first(where: { $0.name == written.description.lowercased() }) {
                mistake.hint = "did you mean `--\(exact.name)`?"
            } else if known.isEmpty {
                mistake.hint = "\(keyword.written) takes no flags"
            } else {
                mistake.hint = "\(keyword.written) takes " + known.map { "--\($0.name)" }.joined(separator: ", ")
            }
            mistakes.append(mistake)
            return
        }
        if flag.kind != .list, values[flag.name] != nil {
            add("DuplicateFlag", "duplicate flag specified: `--\(flag.name)`", word)
            return
        }
        var argument = Word(text: value ?? "", part: word.part)
        switch (flag.kind, value) {
        case (.boolean, nil): argument.text = "true"
        case (.boolean, let value?):
            argument.text = ByteString(value.description.lowercased())
            guard argument.text == "true" || argument.text == "false" else {
                let wrong = "expecting boolean value for flag `--\(flag.name)`, not `\(value)`"
                add("InvalidFlagValue", wrong, word, hint: "it takes true or false, or no value for true")
                return
            }
        case (_, nil):
            let hint = "write `--\(flag.name)=…`"
            add("MissingFlagValue", "missing a value on flag: `--\(flag.name)`", word, hint: hint)
            return
        default: break
        }
        values[flag.name, default: []].append(argument)
    }

    private mutating func add(_ id: DiagnosticID, _ message: String, _ word: Word, hint: String? = nil) {
        mistakes.append(Mistake(id: id, message: message, word: word, hint: hint))
    }

    /// The flag's value; nil when it is not there or empty, which is the same.
    func text(_ name: String) -> ByteString? {
        word(name)?.text
    }

    /// The flag's value and place; nil when it is not there or empty.
    func word(_ name: String) -> Word? {
        guard let word = values[name]?.first, !word.text.isEmpty else { return nil }
        return word
    }

    /// The value of a flag that is true or false, nil when it is not there.
    func boolean(_ name: String) -> Bool? {
        values[name]?.first.map { $0.text == "true" }
    }

    /// Every value of a flag that may be repeated.
    func words(_ name: String) -> [Word] {
        values[name] ?? []
    }

    func list(_ name: String) -> [ByteString] {
        words(name).map(\.text)
    }
}
