import ByteStrings

/// Gathers the words of a text while it is lexed.
struct LexedWords {
    private(set) var words: [Word] = []
    /// Whether there are more words than may be; those are dropped.
    private(set) var isFull = false
    private let most: Int
    private var current: [UInt8] = []
    private var isInWord = false
    private var start = 0
    private var end = 0

    init(most: Int) {
        self.most = most
    }

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
        if words.count < most {
            words.append(Word(text: ByteString(current), part: start..<end))
        } else {
            isFull = true
        }
        // The buffer is the word's now: keeping its capacity would give every later word one as large.
        current = []
        isInWord = false
    }
}
