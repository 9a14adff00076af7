import ByteStrings
import LinuxSystem

/// The layers of a file system in the form that an overlay takes: folders, and what lies below them as one mount.
///
/// Whatever the kernel does with an overlay it does for each layer: forty of them cost as much as the rest of starting a
/// container. From a certain height on the lower part of a stack is mounted once for many steps, and their overlays
/// have that mount as their lowest layer. Its deletions and opaque directories have their say inside it, and as it
/// reaches down to the lowest layer there is nothing further down that they should hide.
///
/// Overlays of overlays have a price, which is why stacks of the usual height have none, though from some thirty layers on
/// they would be faster: files of the mount are on another device for the kernel, so the inode numbers that a container
/// sees begin at 2^63, and programs that keep them in a floating-point number take different files for one.
struct OverlayStack: Sendable {
    /// Host paths, the top one first, each once.
    var folders: [ByteString] = []

    /// Nil for a stack that is low enough for all of its layers to be folders.
    var foundation: MountedTree?

    /// Stacks that are no higher consist of folders alone.
    private static let mostFolders = 64

    /// The height of a foundation is a multiple of this, so as many steps share one.
    private static let stride = 16

    /// At least so many layers lie on a foundation, so that those which are made at the same time share one too.
    private static let fewestFolders = 8

    /// Folders that a container puts on top of the layers: that of changes, that of mount points, and some to spare.
    private static let reserve = 8

    /// Whether no overlay takes all of the folders, so that a copy has to stand in; the foundation counts as one.
    var isTooTall: Bool {
        folders.count + Self.reserve > DetachedOverlay.mostLayers
    }

    /// How many layers of a stack of `height` are its foundation; 0 for none.
    ///
    /// A foundation is an overlay as well, and never of more layers than one can have.
    static func foundationHeight(of height: Int) -> Int {
        guard height > mostFolders else { return 0 }
        let most = DetachedOverlay.mostLayers / stride * stride
        return min((height - fewestFolders) / stride * stride, most)
    }

    /// The paths, each once, since the kernel refuses one that comes twice.
    ///
    /// An equal layer further down adds nothing: the upper one has all of its entries, and hides them there.
    static func distinct(topFirst paths: some Sequence<ByteString>) -> [ByteString] {
        var known: Set<ByteString> = []
        return paths.filter { known.insert($0).inserted }
    }
}
