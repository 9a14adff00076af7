import ByteStrings
import SourceDiagnostics

/// Guesses which of many names somebody may have meant, with bounded work.
struct NearNames {
    /// Among more names a guess would cost more than it helps.
    private static let mostCandidates = 512
    /// Behind so many guesses nobody reads on.
    private static let mostGuesses = 64

    private var guesses = 0

    /// The nearest of the names in their sorted order, or nil.
    mutating func closest(to name: ByteString, among candidates: some Collection<ByteString>) -> String? {
        // Of two letters nearly every name is near.
        guard name.count > 2, guesses < Self.mostGuesses, candidates.count <= Self.mostCandidates else { return nil }
        guesses += 1
        let names = candidates.sorted().map(\.description)
        return Suggestion.closest(to: name.description, among: names)
            ?? names.first { $0.lowercased() == name.description.lowercased() && $0 != name.description }
    }
}
