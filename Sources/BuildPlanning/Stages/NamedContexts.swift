import ByteStrings
import OCIModel

/// The `--build-context` names of a build, found under any spelling of an image's name.
struct NamedContexts {
    /// What a name stands for.
    enum Kind: Hashable {
        case image

        /// A folder, with its name as the request has it.
        case folder(ByteString)
    }

    private var kinds: [ByteString: Kind] = [:]

    init(images: Set<ByteString>, folders: Set<ByteString>) {
        for name in images { kinds[Self.normalized(name)] = .image }
        for name in folders { kinds[Self.normalized(name)] = .folder(name) }
    }

    /// What a stage or image of this name is to be replaced by; nil when nothing was given for it.
    func kind(of name: ByteString) -> Kind? {
        let lowered = name.asciiLowercased
        if kinds.isEmpty || lowered == "scratch" || lowered == "context" { return nil }
        return kinds[Self.normalized(name)]
    }

    /// `docker.io/library/busybox:latest`, `busybox:latest` and `busybox` are one name.
    private static func normalized(_ name: ByteString) -> ByteString {
        guard let text = name.validatedString, let reference = try? ImageReference(text) else { return name }
        let familiar = ByteString(reference.familiarName)
        return familiar.hasSuffix(":latest") ? ByteString(familiar.bytes.dropLast(7)) : familiar
    }
}
