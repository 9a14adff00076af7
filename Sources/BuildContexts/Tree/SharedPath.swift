package import ByteStrings

/// A clean relative path as its last component and the directory that has it.
///
/// All paths in a directory share what that is called, so that many paths, and long ones, take little memory.
package struct SharedPath: Hashable, Sendable {
    /// Nil for the root itself, and what is directly in it.
    let folder: SharedFolder?

    /// Empty for the root itself.
    package let name: ByteString

    init(_ name: ByteString, in folder: SharedFolder?) {
        self.name = name
        self.folder = folder
    }

    /// A path that shares nothing yet.
    package init(_ path: ByteString) {
        let (folder, name) = path.folderAndName
        self.name = name
        self.folder = folder.isEmpty ? nil : SharedFolder(path: folder)
    }

    /// The number of bytes of the whole path.
    package var count: Int {
        folder.map { $0.count + 1 + name.count } ?? name.count
    }

    /// The whole path.
    package var path: ByteString {
        folder.map { $0.path(appending: name) } ?? name
    }

    package static func == (left: SharedPath, right: SharedPath) -> Bool {
        if left.folder === right.folder { return left.name == right.name }
        return left.count == right.count && left.path == right.path
    }

    package func hash(into hasher: inout Hasher) {
        path.hash(into: &hasher)
    }
}

/// A directory's path, as what it adds to that of another.
final class SharedFolder: Sendable {
    private let parent: SharedFolder?

    /// The whole path where there is no parent.
    private let name: ByteString

    /// How many parents there are.
    private let steps: Int

    /// The number of bytes of the whole path.
    let count: Int

    /// Every so many directories the whole path is kept, so that no chain is long.
    private static let mostSteps = 64

    init(path: ByteString) {
        parent = nil
        name = path
        steps = 0
        count = path.count
    }

    init(_ name: ByteString, in parent: SharedFolder) {
        if parent.steps == Self.mostSteps {
            self.parent = nil
            self.name = parent.path(appending: name)
            steps = 0
        } else {
            self.parent = parent
            self.name = name
            steps = parent.steps + 1
        }
        count = parent.count + 1 + name.count
    }

    func path(appending last: ByteString) -> ByteString {
        let whole = count + 1 + last.count
        return ByteString(
            [UInt8](unsafeUninitializedCapacity: whole) { buffer, initialized in
                var end = whole
                func put(_ name: ByteString) {
                    name.bytes.withUnsafeBufferPointer { bytes in
                        end -= bytes.count
                        _ = UnsafeMutableBufferPointer(rebasing: buffer[end..<(end + bytes.count)])
                            .initialize(fromContentsOf: bytes)
                    }
                }
                put(last)
                var next: SharedFolder? = self
                while let folder = next {
                    end -= 1
                    buffer.initializeElement(at: end, to: ByteString.slash)
                    put(folder.name)
                    next = folder.parent
                }
                initialized = whole
            }
        )
    }
}
