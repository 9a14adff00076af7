package import ByteStrings
package import SourceDiagnostics

/// The words of one instruction and where they stand.
///
/// They are read anew from the text, since few of those who look at a syntax tree ask for them.
package struct InstructionWords: Hashable, Sendable {
    /// A word and its place.
    package struct Piece: Hashable, Sendable {
        /// The word as the parser takes it: of a JSON form the string without quotes and escapes.
        package var text: ByteString
        package var range: SourceRange

        package init(text: ByteString, range: SourceRange) {
            self.text = text
            self.range = range
        }
    }

    /// A `--name=value` word, its quotes and escapes gone.
    package struct Flag: Hashable, Sendable {
        /// The name without its dashes.
        package var name: ByteString
        /// Nil when there is no equals sign.
        package var value: ByteString?
        package var range: SourceRange

        package init(name: ByteString, value: ByteString?, range: SourceRange) {
            self.name = name
            self.value = value
            self.range = range
        }
    }

    /// The instruction's name as written.
    package private(set) var keyword: Piece
    package private(set) var flags: [Flag] = []
    /// The arguments, split as the instruction splits them.
    ///
    /// `ENV`, `LABEL` and `ARG` have words with quotes as written, `ENV key value` two of them; `FROM`, `COPY`, `ADD`,
    /// `EXPOSE` and `VOLUME` have plain words, JSON forms their strings. `HEALTHCHECK` has its `CMD` or `NONE` and the
    /// command. Elsewhere the whole text is one argument; without arguments there is none.
    package private(set) var arguments: [Piece] = []
    private let hasPairs: Bool

    /// Reads the instruction that starts where `range` does, also one behind `ONBUILD`.
    ///
    /// `escape` is the escape character of the Dockerfile. What is no instruction has words all the same.
    package init(_ range: SourceRange, in source: SourceText, escape: UInt8) {
        var reader = LineReader(source, from: range.start, escape: escape)
        guard let line = reader.logicalLine() else {
            keyword = Piece(text: "", range: SourceRange(range.start, range.start))
            hasPairs = false
            return
        }
        let text = line.text
        let head = InstructionHead(text, text.startIndex..<text.endIndex)
        keyword = Piece(text: ByteString(text[head.name]), range: line.range(head.name, in: source))
        hasPairs = head.keyword == .env || head.keyword == .label || head.keyword == .arg
        let splitter = FlagSplitter(line: text, part: head.arguments)
        for flag in splitter.flags {
            let content = flag.text.bytes.dropFirst(2)
            let equals = content.firstIndex(of: UInt8(ascii: "="))
            flags.append(
                Flag(
                    name: ByteString(content[..<(equals ?? content.endIndex)]),
                    value: equals.map { ByteString(content[($0 + 1)...]) },
                    range: line.range(flag.part, in: source)
                )
            )
        }
        let words = ArgumentSplitter(line: text, escape: escape)
            .words(of: head.keyword, in: splitter.end..<max(splitter.end, head.arguments.upperBound))
        arguments = words.map { Piece(text: $0.text, range: line.range($0.part, in: source)) }
    }

    /// Where the first argument with that text stands; where pairs are taken also the first that sets that name.
    package func argument(_ text: ByteString) -> SourceRange? {
        let start = text + [UInt8(ascii: "=")]
        return arguments.first { $0.text == text || (hasPairs && $0.text.hasPrefix(start)) }?.range
    }

    /// Where the first flag of that name, given without dashes, stands.
    package func flag(_ name: ByteString) -> SourceRange? {
        flags.first { $0.name == name }?.range
    }
}
