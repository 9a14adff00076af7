/// A reason in words, for what no other module's error says.
struct SolveFailure: Error, Hashable, CustomStringConvertible {
    let description: String
    var hint: String?

    init(_ description: String, hint: String? = nil) {
        self.description = description
        self.hint = hint
    }
}
