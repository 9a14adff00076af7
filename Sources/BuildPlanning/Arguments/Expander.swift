import ByteStrings
import DockerfileSyntax
import SourceDiagnostics

/// Expands the words of instructions, and blames the instruction for what cannot be expanded.
struct Expander {
    private let words: WordExpander
    private let heredocs = WordExpander(escape: UInt8(ascii: "\\"))

    /// Where the words of instructions stand.
    let places: WrittenPlaces

    /// What the ARG instructions before the first FROM declare.
    let globalNames: [ByteString]

    init(_ request: PlanRequest) {
        globalNames = request.dockerfile.globalArguments.flatMap { $0.syntax.declarations.map(\.name) }
        words = WordExpander(escape: request.dockerfile.escape)
        places = WrittenPlaces(request)
    }

    /// The word with its variables replaced and its quotes taken off.
    func expand(_ word: ByteString, _ variables: EnvironmentList, at range: SourceRange?) throws(PlanErrors)
        -> ByteString
    {
        do {
            return try words.expand(word) { variables[$0] }
        } catch {
            throw failure(error, in: word, at: range)
        }
    }

    /// The variables of a word that are not set, each once, but for those that say what then takes their place.
    func unsetNames(in word: ByteString, _ variables: EnvironmentList) -> [ByteString] {
        words.unsetNames(in: word) { variables[$0] != nil }
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
            throw failure(error, in: word, at: range)
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
            throw failure(error, in: nil, at: range)
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
            throw PlanErrors("Mount", "\(error)", at: places.word(text, in: range), hint: error.hint)
        }
    }

    private func failure(_ error: ExpansionError, in word: ByteString?, at range: SourceRange?) -> PlanErrors {
        let range = word.flatMap { places.word($0, in: range) } ?? range
        // A message the author wrote for this case needs no other beside it.
        if case .required = error { return PlanErrors("Expansion", "\(error)", at: range, hint: error.hint) }
        let place = word.map { "`\($0)`" } ?? "the heredoc"
        return PlanErrors("Expansion", "cannot expand \(place): \(error)", at: range, hint: error.hint)
    }
}

extension ExpansionError {
    /// The way out; nil when the message says it.
    fileprivate var hint: String? {
        switch self {
        case .required: "set it above with ARG or ENV, or pass --build-arg where an ARG declares it"
        case .badSubstitution, .missingBrace, .missingSlash:
            "a dollar sign that is meant as one is written `\\$`, or stands between single quotes"
        case .unsupportedModifier: "the modifiers are `-`, `+`, `?`, each also with `:`, and `#`, `%`, `/`"
        case .unmatchedQuote: "close the quote, or write a backslash before it"
        case .invalidPattern, .tooDeep, .tooLong: nil
        }
    }
}
