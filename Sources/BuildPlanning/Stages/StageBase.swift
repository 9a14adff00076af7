import ByteStrings

/// What a node without an earlier stage under it starts from.
enum StageBase {
    case scratch

    /// A `--build-context` folder, by its name in the request.
    case folder(ByteString)

    case image(ImageRequest, ResolvedImage)
}
