import ByteStrings

/// Splits the arguments of any instruction by its own rule.
struct ArgumentSplitter {
    private let splitter: WordSplitter

    init(line: [UInt8], escape: UInt8) {
        splitter = WordSplitter(line: line, escape: escape)
    }

    /// The words of an instruction, or of none, in a part of the line without flags.
    func words(of keyword: InstructionKeyword?, in part: Range<Int>) -> [Word] {
        let part = splitter.trimmed(part)
        switch keyword {
        case .arg: return splitter.quotedWords(in: part)
        case .env, .label: return pairs(part)
        case .expose, .from: return splitter.plainWords(in: part)
        case .add, .copy, .volume: return strings(part) ?? splitter.plainWords(in: part)
        case .healthcheck:
            guard let type = splitter.plainWords(in: part).first else { return [] }
            let rest = splitter.trimmed(type.part.upperBound..<part.upperBound)
            return [type] + (strings(rest) ?? whole(rest))
        case .cmd, .entrypoint, .run, .shell: return strings(part) ?? whole(part)
        case .maintainer, .onbuild, .stopsignal, .user, .workdir, nil: return whole(part)
        }
    }

    private func whole(_ part: Range<Int>) -> [Word] {
        part.isEmpty ? [] : [Word(text: ByteString(splitter.line[part]), part: part)]
    }

    private func strings(_ part: Range<Int>) -> [Word]? {
        guard case .strings(let words) = JSONStringArray.parse(splitter.line[part]) else { return nil }
        return words
    }

    private func pairs(_ part: Range<Int>) -> [Word] {
        let words = splitter.quotedWords(in: part)
        guard let first = words.first, !first.text.contains(UInt8(ascii: "=")) else { return words }
        return splitter.legacyPair(in: part).map { [$0.key, $0.value] } ?? words
    }
}
