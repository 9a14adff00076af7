import ByteStrings

/// Gathers the words of a text while it is lexed.
struct LexedWords {
    private(set) var words: [Word] = []
    private var current: [UInt8] = []
    private var isInWord = false
    private var start = 0
    private var end = 0

    /// Adds text that separates nothing; it was made of `part`.
    mutating func addRaw(_ bytes: some Collection<UInt8>, from part: Range<Int>) {
        if current.isEmpty { start = part.lowerBound }
        end = part.upperBound
        current.append(contentsOf: bytes)
        isInWord = true
    }

    /// Adds text whose blanks separate words.
    mutating func add(_ bytes: ArraySlice<UInt8>, from part: Range<Int>) {
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let blank = Blank.length(in: bytes, at: index)
            if blank == 0 {
                addRaw(CollectionOfOne(bytes[index]), from: part)
                index += 1
            } else {
                if isInWord { finishWord() }
                index += blank
            }
        }
    }

    /// The words, the last one included.
    mutating func finished() -> [Word] {
        finishWord()
        return words
    }

    /// A word of nothing but empty quotes is none.
    private mutating func finishWord() {
        guard !current.isEmpty else { return }
        words.append(Word(text: ByteString(current), part: start..<end))
        current.removeAll(keepingCapacity: true)
        isInWord = false
    }
}
