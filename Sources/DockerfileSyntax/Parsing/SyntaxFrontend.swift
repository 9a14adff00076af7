package import ByteStrings
import SourceDiagnostics

/// Who reads a Dockerfile: a `syntax` directive, or the build argument `BUILDKIT_SYNTAX`, names an image for that.
package enum SyntaxFrontend {
    /// The images that stand for the language slipway reads itself.
    private static let builtIn: [ByteString] = ["docker/dockerfile", "docker/dockerfile-upstream"]
    private static let registries: [ByteString] = ["docker.io/", "index.docker.io/"]

    /// Whether the value, of which only the first word counts, stands for the language slipway reads itself.
    ///
    /// That is `docker/dockerfile` or `docker/dockerfile-upstream` with any tag or digest.
    package static func isBuiltIn(_ value: ByteString) -> Bool {
        var name = image(of: value)
        if let registry = registries.first(where: name.hasPrefix) { name = ByteString(name.dropFirst(registry.count)) }
        return builtIn.contains { image in
            guard name.hasPrefix(image) else { return false }
            let rest = name.dropFirst(image.count)
            guard let sign = rest.first else { return true }
            return (sign == UInt8(ascii: ":") || sign == UInt8(ascii: "@")) && rest.count > 1
        }
    }

    /// The image a value names: its first word.
    static func image(of value: ByteString) -> ByteString {
        ByteString(value.bytes[...].trimmingLeadingBlanks.prefix { !Blank.isASCII($0) })
    }

    /// The error of a file, or a build, that asks for another frontend; nil when the value is fine.
    static func refusal(of value: ByteString, at range: SourceRange?) -> Diagnostic? {
        if isBuiltIn(value) { return nil }
        let isArgument = range == nil
        let name = image(of: value)
        return Diagnostic(
            severity: .error,
            id: "UnsupportedSyntax",
            message: isArgument
                ? "BUILDKIT_SYNTAX asks for the frontend `\(name)`, and slipway runs no other frontends"
                : "the syntax directive asks for the frontend `\(name)`, and slipway runs no other frontends",
            range: range,
            hint: isArgument
                ? "leave the build argument out, or give it `docker/dockerfile:1`"
                : "for a Dockerfile take the line out, or write `docker/dockerfile:1`"
        )
    }

    /// The name of the frontend in the spellings that are no comment of a Dockerfile: a `// syntax=…` line at the top,
    /// or a text that is one JSON object with a member `syntax`.
    static func foreignDirective(in source: SourceText) -> Word? {
        var text = source.bytes[...]
        if text.starts(with: LineReader.byteOrderMark) { text = text.dropFirst(LineReader.byteOrderMark.count) }
        if text.starts(with: "#!".utf8) {
            guard let end = text.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
            text = text[(end + 1)...]
        }
        if text.trimmingLeadingBlanks.first == UInt8(ascii: "{") {
            return JSONStringArray.string("syntax", ofObject: text)
        }
        while text.starts(with: "//".utf8) {
            let end = text.firstIndex(of: UInt8(ascii: "\n")) ?? text.endIndex
            guard let parts = DirectiveParts(text[..<end].dropFirst(2)) else { return nil }
            if parts.name == "syntax" {
                return Word(text: ByteString(parts.value), part: parts.value.startIndex..<parts.value.endIndex)
            }
            text = text[min(end + 1, text.endIndex)...]
        }
        return nil
    }
}
