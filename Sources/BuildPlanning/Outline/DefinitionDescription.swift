import ByteStrings
import DockerfileSyntax

/// Finds what a comment says about a stage or an argument.
///
/// A line of the form `# name text`, directly above the definition of that name, describes it.
enum DefinitionDescription {
    /// The description of `name` among the comments above its definition; nil when none begins with the name.
    static func of(_ name: ByteString, in comments: [Comment]) -> String? {
        for comment in comments {
            guard let (first, rest) = comment.text.split(atFirst: 0x20), first == name else { continue }
            let text = ByteString(rest.bytes.drop { $0 == 0x20 || $0 == 0x09 })
            if !text.isEmpty { return text.description }
        }
        return nil
    }
}
