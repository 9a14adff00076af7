import ByteStrings
import DockerfileSyntax

extension Instruction {
    /// The words that the builder expands, but for those of `ARG`, which change what the next one sees.
    ///
    /// Source: Dockerfile reference, "Environment replacement".
    var expandedWords: [ExpandedWord] {
        switch self {
        case .add(let add):
            Self.words(add.sources, [add.destination] + [add.chown, add.chmod, add.checksum].compactMap(\.self))
        case .copy(let copy):
            Self.words(copy.sources, [copy.destination] + [copy.chown, copy.chmod].compactMap(\.self))
        case .env(let env): Self.words(env.pairs)
        case .label(let label): Self.words(label.pairs)
        case .expose(let expose): expose.ports.map { ExpandedWord(text: $0) }
        case .run(let run): run.mounts.flatMap(Self.words)
        case .stopsignal(let stopsignal): [ExpandedWord(text: stopsignal.signal)]
        case .user(let user): [ExpandedWord(text: user.user)]
        case .volume(let volume): volume.paths.map { ExpandedWord(text: $0) }
        case .workdir(let workdir): [ExpandedWord(text: workdir.path)]
        case .arg, .cmd, .entrypoint, .healthcheck, .maintainer, .onbuild, .shell: []
        }
    }

    private static func words(_ sources: [CopySource], _ others: [ByteString]) -> [ExpandedWord] {
        sources.compactMap { source in
            switch source {
            case .path(let path): ExpandedWord(text: path)
            case .heredoc(let heredoc):
                heredoc.expands ? ExpandedWord(text: heredoc.content, isHeredoc: true) : nil
            }
        } + others.map { ExpandedWord(text: $0) }
    }

    private static func words(_ pairs: [KeyValue]) -> [ExpandedWord] {
        pairs.flatMap { [ExpandedWord(text: $0.key), ExpandedWord(text: $0.value)] }
    }

    /// The values of a mount's fields; a field that means nothing ends the list.
    private static func words(_ mount: ByteString) -> [ExpandedWord] {
        var words: [ExpandedWord] = []
        _ = try? RunMount(parsing: mount) { value in
            words.append(ExpandedWord(text: value))
            return value
        }
        // The place of an image is never expanded.
        return words.filter { word in !mount.contains(ByteString("from=") + word.text) }
    }
}
