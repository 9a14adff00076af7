import CLinuxSystem
import Glibc

/// How a file is opened; close-on-exec and "never the controlling terminal" are always added.
///
/// Source: `open(2)`.
package struct OpenFlags: OptionSet, Sendable {
    package let rawValue: CInt

    package init(rawValue: CInt) {
        self.rawValue = rawValue
    }

    /// The absence of a write flag, as in `open(2)`.
    package static let readOnly: OpenFlags = []
    package static let writeOnly = OpenFlags(rawValue: O_WRONLY)
    package static let readWrite = OpenFlags(rawValue: O_RDWR)
    package static let create = OpenFlags(rawValue: O_CREAT)
    package static let exclusive = OpenFlags(rawValue: O_EXCL)
    package static let truncate = OpenFlags(rawValue: O_TRUNC)
    package static let append = OpenFlags(rawValue: O_APPEND)
    package static let directory = OpenFlags(rawValue: O_DIRECTORY)

    /// A symbolic link in the last component is an error, or is itself opened together with `pathOnly`.
    package static let noFollow = OpenFlags(rawValue: O_NOFOLLOW)

    /// A place in the tree only: no reading, no writing, no permission on the file itself needed.
    package static let pathOnly = OpenFlags(rawValue: slipway_o_path)

    /// Opening a FIFO or a device does not wait.
    package static let nonBlocking = OpenFlags(rawValue: O_NONBLOCK)

    /// What is passed to the kernel.
    var systemFlags: CInt {
        contains(.pathOnly) ? rawValue : rawValue | O_NOCTTY
    }
}
