import ByteStrings
import OCIModel

/// The `--build-context` names of a build, found under any spelling of an image's name.
struct NamedContexts {
    private struct Key: Hashable {
        let name: ByteString

        /// Nil for all platforms.
        let platform: Platform?
    }

    private var kinds: [Key: PlanContext.Kind] = [:]

    init(_ contexts: [PlanContext]) {
        for context in contexts {
            kinds[Key(name: Self.normalized(context.name), platform: context.platform)] = context.kind
        }
    }

    /// What a stage or image of this name is to be replaced by; nil when nothing was given for it.
    func kind(of name: ByteString, for platform: Platform) -> PlanContext.Kind? {
        let lowered = name.asciiLowercased
        if kinds.isEmpty || lowered == "scratch" || lowered == "context" { return nil }
        let name = Self.normalized(name)
        return kinds[Key(name: name, platform: platform)] ?? kinds[Key(name: name, platform: nil)]
    }

    /// `docker.io/library/busybox:latest`, `busybox:latest` and `busybox` are one name.
    private static func normalized(_ name: ByteString) -> ByteString {
        guard let text = name.validatedString, let reference = try? ImageReference(text) else { return name }
        let familiar = ByteString(reference.familiarName)
        return familiar.hasSuffix(":latest") ? ByteString(familiar.bytes.dropLast(7)) : familiar
    }
}
