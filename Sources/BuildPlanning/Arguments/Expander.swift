import ByteStrings
import DockerfileSyntax
import SourceDiagnostics

/// Expands the words of instructions, and blames the instruction for what cannot be expanded.
struct Expander {
    private let words: WordExpander
    private let heredocs = WordExpander(escape: UInt8(ascii: "\\"))

    init(escape: UInt8) {
        words = WordExpander(escape: escape)
    }

    /// The word with its variables replaced and its quotes taken off.
    func expand(_ word: ByteString, _ variables: EnvironmentList, at range: SourceRange?) throws(PlanErrors)
        -> ByteString
    {
        do {
            return try words.expand(word) { variables[$0] }
        } catch {
            throw Self.failure(error, in: word, at: range)
        }
    }

    /// The words that one word becomes when blanks from variables count as separators.
    func expandToWords(
        _ word: ByteString,
        _ variables: EnvironmentList,
        at range: SourceRange?
    ) throws(PlanErrors) -> [ByteString] {
        do {
            return try words.expandToWords(word) { variables[$0] }
        } catch {
            throw Self.failure(error, in: word, at: range)
        }
    }

    /// The body with its variables replaced and its quotes left alone.
    func expandHeredoc(
        _ content: ByteString,
        _ variables: EnvironmentList,
        at range: SourceRange?
    ) throws(PlanErrors) -> ByteString {
        do {
            return try heredocs.expandHeredoc(content) { variables[$0] }
        } catch {
            throw Self.failure(error, in: nil, at: range)
        }
    }

    /// The `--mount` with the variables of each of its values replaced.
    func mount(
        _ text: ByteString,
        _ variables: EnvironmentList,
        at range: SourceRange?
    ) throws(PlanErrors) -> RunMount {
        do throws(RunMountError) {
            return try RunMount(parsing: text) { (value) throws(ExpansionError) in
                try words.expand(value) { variables[$0] }
            }
        } catch {
            throw PlanErrors("Mount", "\(error)", at: range, hint: error.hint)
        }
    }

    private static func failure(_ error: ExpansionError, in word: ByteString?, at range: SourceRange?) -> PlanErrors {
        // A message the author wrote for this case needs no other beside it.
        if case .required = error { return PlanErrors("Expansion", "\(error)", at: range) }
        let place = word.map { "`\($0)`" } ?? "the heredoc"
        return PlanErrors("Expansion", "cannot expand \(place): \(error)", at: range)
    }
}
