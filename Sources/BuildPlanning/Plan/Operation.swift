/// What a step does.
package enum Operation: Hashable, Sendable {
    /// Takes the file system of an image.
    case image(ImageOperation)

    /// Runs a command.
    case exec(ExecOperation)

    /// Copies files in.
    case copy(CopyOperation)

    /// Makes a folder and those above it.
    case makeDirectory(MakeDirectoryOperation)
}

extension Operation {
    /// The file systems that the operation reads beside its parent, in a fixed order.
    package var origins: [FileOrigin] {
        switch self {
        case .image, .makeDirectory: []
        case .copy(let copy): [copy.origin]
        case .exec(let exec): exec.mounts.compactMap(\.origin)
        }
    }
}
