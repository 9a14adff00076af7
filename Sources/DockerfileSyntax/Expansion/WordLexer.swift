import ByteStrings

/// Reads a text with quotes, escapes and substitutions.
struct WordLexer {
    struct Options {
        /// Quotes are kept in the result, and still quote.
        var keepsQuotes = false
        /// Escape characters are kept in the result, and still escape.
        var keepsEscapes = false
        /// Quotes are text like any other.
        var quotesAreText = false
        /// Variables that are not set stay as they are written.
        var keepsUnset = false
        /// `${name:?message}` of a variable that is not set is empty.
        var ignoresRequired = false
    }

    typealias Lookup = (ByteString) -> ByteString?

    static let deepestNesting = 64
    /// No variable that a process is given may be half as long.
    private static let mostGrowth = 1 << 20
    /// Words beyond those that are written; a word costs many times its text.
    private static let mostMadeWords = 1 << 16
    /// Documents may be longer than words.
    private static let mostDocumentGrowth = 16 << 20

    let bytes: [UInt8]
    let escape: UInt8
    let options: Options
    var index = 0
    var depth = 0
    var keepsEscapes: Bool
    /// How many bytes substitutions and quotes have made, those inside one another counted each time.
    private var made = 0
    private let mostMade: Int
    /// How many bytes more may be made.
    var room: Int { max(0, mostMade - made) }
    /// What the patterns of all substitutions have cost.
    var patternSteps = 0
    /// The variables that were not set where nothing provided for that, each as often as it was used.
    var unset: [ByteString] = []

    init(_ bytes: [UInt8], escape: UInt8, options: Options = Options()) {
        self.bytes = bytes
        self.escape = escape
        self.options = options
        keepsEscapes = options.keepsEscapes
        mostMade = (options.quotesAreText ? Self.mostDocumentGrowth : Self.mostGrowth) + 4 * bytes.count
    }

    /// The whole text as one word.
    mutating func result(_ lookup: Lookup) throws(ExpansionError) -> [UInt8] {
        var words: LexedWords?
        return try read(until: nil, into: &words, lookup)
    }

    /// The words of the text.
    mutating func words(_ lookup: Lookup) throws(ExpansionError) -> [Word] {
        var words: LexedWords? = LexedWords(most: Self.mostMadeWords + bytes.count)
        _ = try read(until: nil, into: &words, lookup)
        let finished = words?.finished() ?? []
        if words?.isFull == true { throw .tooLong }
        return finished
    }

    func peek() -> UInt8? {
        index < bytes.count ? bytes[index] : nil
    }

    mutating func take() -> UInt8? {
        guard index < bytes.count else { return nil }
        index += 1
        return bytes[index - 1]
    }

    /// Reads up to `stop`, which is taken too, or to the end.
    mutating func read(
        until stop: UInt8?,
        into words: inout LexedWords?,
        _ lookup: Lookup
    ) throws(ExpansionError) -> [UInt8] {
        var result: [UInt8] = []
        while let byte = peek() {
            let start = index
            if byte == stop {
                index += 1
                return result
            }
            if byte == UInt8(ascii: "$") {
                let text = try dollar(lookup)
                try append(text, to: &result)
                words?.add(text[...], from: start..<index)
            } else if !options.quotesAreText, byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
                let text = byte == UInt8(ascii: "'") ? try singleQuoted() : try doubleQuoted(lookup)
                try append(text, to: &result)
                words?.addRaw(text, from: start..<index)
            } else if byte == escape {
                index += 1
                if keepsEscapes {
                    result.append(byte)
                    words?.addRaw(CollectionOfOne(byte), from: start..<index)
                }
                guard let escaped = take() else { break }
                result.append(escaped)
                words?.addRaw(CollectionOfOne(escaped), from: start..<index)
            } else {
                plain(into: &result, &words, stop)
            }
        }
        guard let stop else { return result }
        throw stop == UInt8(ascii: "}") ? .missingBrace : .missingSlash
    }

    /// Takes a run of bytes that mean nothing special.
    private mutating func plain(into result: inout [UInt8], _ words: inout LexedWords?, _ stop: UInt8?) {
        let start = index
        while let byte = peek(), byte != stop, byte != escape, byte != UInt8(ascii: "$"),
            options.quotesAreText || (byte != UInt8(ascii: "'") && byte != UInt8(ascii: "\""))
        {
            index += 1
        }
        let run = bytes[start..<index]
        result.append(contentsOf: run)
        guard words != nil else { return }
        var position = start
        while position < index {
            let length = max(1, Blank.length(in: run, at: position))
            words?.add(run[position..<(position + length)], from: position..<(position + length))
            position += length
        }
    }

    private mutating func append(_ text: [UInt8], to result: inout [UInt8]) throws(ExpansionError) {
        made += text.count
        guard made <= mostMade else { throw .tooLong }
        result.append(contentsOf: text)
    }

    private mutating func singleQuoted() throws(ExpansionError) -> [UInt8] {
        let start = index
        index += 1
        while let byte = take() {
            guard byte == UInt8(ascii: "'") else { continue }
            return Array(options.keepsQuotes ? bytes[start..<index] : bytes[(start + 1)..<(index - 1)])
        }
        throw .unmatchedQuote(UInt8(ascii: "'"))
    }

    private mutating func doubleQuoted(_ lookup: Lookup) throws(ExpansionError) -> [UInt8] {
        var result: [UInt8] = []
        let quote = UInt8(ascii: "\"")
        index += 1
        if options.keepsQuotes { result.append(quote) }
        while let byte = peek() {
            if byte == UInt8(ascii: "$") {
                try append(try dollar(lookup), to: &result)
                continue
            }
            index += 1
            if byte == quote {
                if options.keepsQuotes { result.append(quote) }
                return result
            }
            guard byte == escape else {
                result.append(byte)
                continue
            }
            if keepsEscapes { result.append(byte) }
            guard let next = peek() else { break }
            if next == quote || next == UInt8(ascii: "$") || next == escape {
                index += 1
                result.append(next)
            } else {
                result.append(byte)
            }
        }
        throw .unmatchedQuote(quote)
    }
}
