import ByteStrings

/// A word of an instruction: its text, and the part of the line it was made of.
struct Word: Hashable {
    var text: ByteString
    var part: Range<Int>
}
