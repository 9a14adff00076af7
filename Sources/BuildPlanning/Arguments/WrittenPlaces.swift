import ByteStrings
import DockerfileSyntax
import SourceDiagnostics

/// Finds the word of an instruction that a message is about; instructions are read again for it only when one is due.
struct WrittenPlaces {
    private let source: SourceText
    private let escape: UInt8

    init(_ request: PlanRequest) {
        source = request.source
        escape = request.dockerfile.escape
    }

    /// Where the instruction at `range` has the word, or the flag or pair of that value; the whole of it when it has none.
    func word(_ text: ByteString, in range: SourceRange?) -> SourceRange? {
        guard let range else { return nil }
        let words = InstructionWords(range, in: source, escape: escape)
        return words.argument(text) ?? words.flags.first { $0.value == text }?.range
            ?? words.arguments.first { $0.text.hasSuffix(ByteString("=") + text) }?.range ?? range
    }

    /// Where the instruction at `range` has the flag; the whole of it when there is none of that name.
    func flag(_ name: ByteString, in range: SourceRange?) -> SourceRange? {
        guard let range else { return nil }
        return InstructionWords(range, in: source, escape: escape).flag(name) ?? range
    }
}
