/// What a path may do while it is resolved below a directory.
///
/// Neither ever follows the magic links of procfs. Source: `openat2(2)`.
package enum PathResolution: Hashable, Sendable, CaseIterable {
    /// The directory is the root: absolute links start there, and `..` stops there. `RESOLVE_IN_ROOT`.
    case inRoot

    /// Any link is `ELOOP`, any way out is `EXDEV`. `RESOLVE_BENEATH` and `RESOLVE_NO_SYMLINKS`.
    case beneathWithoutLinks
}

/// Who resolves a path.
package enum PathStrategy: Hashable, Sendable, CaseIterable {
    /// The kernel, or the walk where the kernel refuses or is disturbed too often.
    case automatic

    /// `openat2(2)` alone.
    case kernel

    /// One component after the other, in this process.
    case walk
}
