import ByteStrings
import LinuxSystem

/// A directory of a layer's tree, and what is known of it without asking the kernel again.
///
/// Nobody changes the tree of a layer, so what was read once stays true. Views that build on each other share the roots of
/// their layers; most commands change little, and a root without the first name of a path has no say on it.
final class TreeDirectory: Sendable {
    let handle: DescriptorHandle

    /// Whether it hides all that lower layers have in it.
    let isOpaque: Bool

    /// All names in the directory; nil where they were not read, or are too many to be kept.
    private let names: Set<ByteString>?

    /// The names of directories with more are not kept.
    private static let mostNames = 64

    /// A directory below a root.
    init(_ directory: consuming OwnedDescriptor) throws(SystemError) {
        isOpaque = try directory.isOpaqueDirectory()
        names = nil
        handle = DescriptorHandle(directory)
    }

    /// The root of a tree; reading its names pays where more than one is asked for.
    init(rootOf tree: LayerTree, readingNames: Bool) throws(SystemError) {
        let directory = try OwnedDescriptor.openDirectory(tree.path)
        isOpaque = (try? directory.isOpaqueDirectory()) ?? false
        names = readingNames ? try directory.names(atMost: Self.mostNames) : nil
        handle = DescriptorHandle(directory)
    }

    /// Whether the directory can have an entry of this name; false only where it has none.
    func mayHave(_ name: ByteString) -> Bool {
        names?.contains(name) ?? true
    }
}
