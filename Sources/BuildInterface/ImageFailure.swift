/// Why an image could not be found or used.
package enum ImageFailure: Error, Hashable, Sendable {
    /// No image goes by that name; `candidates` are close ones.
    case notFound(String, candidates: [String])

    /// More than one image starts with that digest.
    case ambiguous(String)
}

extension ImageFailure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notFound(let name, let candidates):
            candidates.isEmpty
                ? "no image `\(name)` in the store"
                : "no image `\(name)` in the store; did you mean `\(candidates.joined(separator: "`, `"))`?"
        case .ambiguous(let digest): "more than one image starts with `\(digest)`"
        }
    }
}
