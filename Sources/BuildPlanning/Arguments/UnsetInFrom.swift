import ByteStrings
import SourceDiagnostics

/// Explains which variable of a FROM line has no value, and why.
struct UnsetInFrom {
    let hint: String
    let notes: [String]

    /// Nil when every variable of the word is set.
    init?(_ word: ByteString, _ variables: EnvironmentList, _ expander: Expander) {
        guard let name = expander.unsetNames(in: word, variables).first else { return nil }
        let known = (expander.globalNames + variables.names).filter { $0 != name }.map(\.description)
        notes = ["`\(name)` has no value here: FROM sees only arguments declared before the first FROM"]
        if let closest = Suggestion.closest(to: name.description, among: known) {
            hint = "did you mean `\(closest)`?"
        } else {
            hint = """
                declare it with `ARG \(name)=…` above the first FROM, or pass --build-arg \(name)=… for an ARG there
                """
        }
    }
}
