import BuildContexts
import ByteStrings
import LinuxSystem

/// Open directories on the way to the one that was used last, by paths as somebody wrote them, links and all.
///
/// However deep a tree is, few descriptors are open.
struct DirectoryTrail {
    private var directories = PathTrail<DescriptorHandle?>(root: nil)

    /// The first level that may be open.
    private var firstOpen = 1

    static let mostDescriptors = 128

    /// The deepest directory that is open on the way to `path`, or at it, and the number of bytes of its path.
    func deepest(on path: ByteString) -> (directory: DescriptorHandle, end: Int)? {
        var level = directories.sharedDepth(with: path)
        while level >= max(firstOpen, 1) {
            if let directory = directories.values[level] { return (directory, directories.end(of: level)) }
            level -= 1
        }
        return nil
    }

    /// Remembers what is at the first `end` bytes of `path`.
    mutating func keep(_ directory: DescriptorHandle, at path: ByteString, end: Int) {
        _ = directories.follow(ByteString(path.bytes[..<end])) { _, _, _ in .some(nil) }
        let last = directories.values.count - 1
        directories.values[last] = directory
        firstOpen = min(firstOpen, last)
        while firstOpen <= last - Self.mostDescriptors {
            directories.values[firstOpen] = nil
            firstOpen += 1
        }
    }

    /// Forgets everything.
    mutating func clear() {
        directories = PathTrail(root: nil)
        firstOpen = 1
    }
}
