import ByteStrings

/// Splits a part of a line into words, by the rule of the instruction it belongs to.
struct WordSplitter {
    let line: [UInt8]
    let escape: UInt8

    /// The part of the line without the blanks around it.
    func trimmed(_ part: Range<Int>) -> Range<Int> {
        let slice = line[part].trimmingBlanks
        return slice.startIndex..<slice.endIndex
    }

    /// The words between blanks, quotes meaning nothing.
    func plainWords(in part: Range<Int>) -> [Word] {
        var words: [Word] = []
        var index = part.lowerBound
        while index < part.upperBound {
            while index < part.upperBound, Blank.separatesWords(line[index]) { index += 1 }
            let start = index
            while index < part.upperBound, !Blank.separatesWords(line[index]) { index += 1 }
            if index > start { words.append(Word(text: ByteString(line[start..<index]), part: start..<index)) }
        }
        return words
    }

    /// The words between blanks that are neither quoted nor escaped; quotes and escapes stay in the words.
    ///
    /// An escape character at the very end is dropped.
    func quotedWords(in part: Range<Int>) -> [Word] {
        var words: [Word] = []
        var index = part.lowerBound
        let end = part.upperBound
        while true {
            while index < end {
                let length = Blank.length(in: line[..<end], at: index)
                if length == 0 { break }
                index += length
            }
            if index >= end { return words }
            let start = index
            var quote: UInt8?
            var isEscapeAtEnd = false
            while index < end {
                let byte = line[index]
                if byte == escape, quote != UInt8(ascii: "'") {
                    if index + 1 == end { isEscapeAtEnd = true }
                    index = min(index + 2, end)
                    continue
                }
                if let open = quote {
                    if byte == open { quote = nil }
                } else if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
                    quote = byte
                } else if Blank.length(in: line[..<end], at: index) > 0 {
                    break
                }
                index += 1
            }
            let last = isEscapeAtEnd ? end - 1 : index
            if last > start { words.append(Word(text: ByteString(line[start..<last]), part: start..<last)) }
        }
    }

    /// `key value`: the value is everything behind the first run of blanks; nil when there is no such run.
    func legacyPair(in part: Range<Int>) -> (key: Word, value: Word)? {
        guard let end = line[part].firstIndex(where: Blank.separatesWords) else { return nil }
        let value = line[end..<part.upperBound].drop(while: Blank.separatesWords)
        let key = part.lowerBound..<end
        return (
            Word(text: ByteString(line[key]), part: key),
            Word(text: ByteString(value), part: value.startIndex..<value.endIndex)
        )
    }
}
