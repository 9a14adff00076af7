import ByteStrings

/// The name of an instruction, and where its arguments are.
struct InstructionHead {
    /// Nil for a name that is no instruction's.
    let keyword: InstructionKeyword?
    let name: Range<Int>
    /// Everything behind the name, without blanks around it.
    let arguments: Range<Int>

    private static let keywords: [[UInt8]: InstructionKeyword] = Dictionary(
        uniqueKeysWithValues: InstructionKeyword.allCases.map { (Array($0.rawValue.utf8), $0) }
    )
    private static let longestKeyword = 11

    /// Splits the part of the line that holds one instruction.
    init(_ line: [UInt8], _ part: Range<Int>) {
        let text = line[part].trimmingBlanks
        var end = text.startIndex
        while end < text.endIndex, !Blank.separatesWords(text[end]) { end += 1 }
        name = text.startIndex..<end
        let rest = text[end...].trimmingLeadingBlanks
        arguments = rest.startIndex..<rest.endIndex
        guard name.count <= Self.longestKeyword else {
            keyword = nil
            return
        }
        keyword = Self.keywords[text[name].map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 }]
    }

    /// The heredocs that follow: those of ADD, COPY and RUN, also as triggers, but not in JSON form.
    func heredocs(_ line: [UInt8]) -> [HeredocWord] {
        switch keyword {
        case .add, .copy, .run:
            let flags = FlagSplitter(line: line, part: arguments)
            let part = flags.end..<max(flags.end, arguments.upperBound)
            let words = HeredocWord.all(in: line, part)
            return words.isEmpty || JSONStringArray.parse(line[part]) != .none ? [] : words
        case .onbuild:
            let flags = FlagSplitter(line: line, part: arguments)
            let inner = InstructionHead(line, flags.end..<max(flags.end, arguments.upperBound))
            return inner.keyword == .onbuild ? [] : inner.heredocs(line)
        default: return []
        }
    }
}
