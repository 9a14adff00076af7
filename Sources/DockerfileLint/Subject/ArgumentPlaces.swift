import ByteStrings
import DockerfileSyntax
import SourceDiagnostics

/// Where the words of one instruction stand, read when first asked.
struct ArgumentPlaces {
    private let range: SourceRange
    private let keyword: SourceRange
    private var places: [ByteString: [SourceRange]]?

    init<Syntax>(_ instruction: Located<Syntax>) {
        range = instruction.range
        keyword = instruction.keyword
    }

    /// The place of the word with a text, or of the pair with that name; of several the one after `earlier` others.
    ///
    /// The instruction's name stands in for a word that is not found.
    mutating func place(of text: ByteString, after earlier: Int = 0, in subject: LintSubject) -> SourceRange {
        if places == nil { places = Self.read(subject.words(of: range)) }
        guard let found = places?[text], earlier < found.count else { return keyword }
        return found[earlier]
    }

    private static func read(_ words: InstructionWords) -> [ByteString: [SourceRange]] {
        var places: [ByteString: [SourceRange]] = [:]
        for piece in words.arguments {
            places[piece.text, default: []].append(piece.range)
            if let equals = piece.text.firstIndex(of: UInt8(ascii: "=")), equals > 0 {
                places[ByteString(piece.text[..<equals]), default: []].append(piece.range)
            }
        }
        return places
    }
}
