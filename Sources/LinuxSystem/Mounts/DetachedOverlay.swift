package import ByteStrings
import CLinuxSystem
import SystemPackage

/// Overlay file systems that no namespace holds.
package enum DetachedOverlay {
    /// The most layers that the kernel stacks: `OVL_MAX_STACK`.
    package static let mostLayers = 500

    /// Stacks directories of the host and gives the merged tree.
    ///
    /// - Parameters:
    ///   - lower: The layers that stay as they are, the top one first.
    ///   - upper: Takes all changes; nil for a tree that cannot be changed.
    ///   - work: An empty directory on the file system of `upper`; there exactly when `upper` is.
    ///   - readOnly: Forbids changes although there is an `upper`.
    ///   - volatile: Leaves out every flush; after a crash of the host, `upper` is to be thrown away.
    ///   - userAttributes: Keeps the marks of overlay in `user.overlay.*`, as a user namespace needs.
    /// - Returns: The root of the merged tree; unmounted when it is closed and no file below it is open.
    /// - Throws: `EINVAL` for a wrong set of directories, with the kernel's message; needs `CAP_SYS_ADMIN`.
    ///
    /// Without a second layer there is nothing to merge: the result is then a bind mount of the only directory.
    /// Source: Linux, `filesystems/overlayfs.rst`. More layers than about ten need Linux 6.8 (`lowerdir+`).
    package static func mount(
        lower: [ByteString],
        upper: ByteString?,
        work: ByteString?,
        readOnly: Bool = false,
        volatile: Bool = false,
        userAttributes: Bool = !UserNamespace.current.isInitial
    ) throws(SystemError) -> OwnedDescriptor {
        guard (upper == nil) == (work == nil), lower.count <= mostLayers, !(lower.isEmpty && upper == nil) else {
            throw SystemError(operation: "mount the overlay", errno: .invalidArgument)
        }
        if let only = lower.isEmpty ? upper : lower.count == 1 && upper == nil ? lower[0] : nil {
            return try bind(only, readOnly: readOnly || upper == nil)
        }
        let context = try FilesystemContext("overlay")
        try setLower(lower, in: context)
        if let upper, let work {
            try set("upperdir", upper, in: context)
            try set("workdir", work, in: context)
            if volatile { try context.set("volatile") }
        }
        // The defaults of all of these differ between distributions.
        try context.set("redirect_dir", "nofollow")
        try context.set("metacopy", "off")
        try context.set("index", "off")
        try context.set("xino", "off")
        if userAttributes { try context.set("userxattr") }
        return try context.mount(readOnly || upper == nil ? .readOnly : [])
    }

    private static func bind(_ directory: ByteString, readOnly: Bool) throws(SystemError) -> OwnedDescriptor {
        let mount = try DetachedMount.clone(of: OwnedDescriptor.openDirectory(directory))
        if readOnly { try DetachedMount.restrict(mount, to: .readOnly) }
        return mount
    }

    private static func setLower(
        _ lower: [ByteString],
        in context: borrowing FilesystemContext
    ) throws(SystemError) {
        do {
            for layer in lower { try set("lowerdir+", layer, in: context) }
        } catch let error where error.errno == .invalidArgument {
            // Before Linux 6.8 there is one option for all, which must fit into 255 bytes.
            try setLowerTogether(lower[...], "", in: context)
        }
    }

    /// Opens one directory after the other and keeps all of them open until the option is set.
    private static func setLowerTogether(
        _ rest: ArraySlice<ByteString>,
        _ option: ByteString,
        in context: borrowing FilesystemContext
    ) throws(SystemError) {
        guard let first = rest.first else {
            try context.set("lowerdir", option)
            return
        }
        let layer = try OwnedDescriptor.openDirectory(first)
        let separator: ByteString = option.isEmpty ? "" : ":"
        try setLowerTogether(rest.dropFirst(), option + separator + path(of: layer), in: context)
        withExtendedLifetime(layer) {}
    }

    /// Names a directory by its descriptor: an option's value holds 255 bytes at most, and a colon needs no escape.
    private static func set(
        _ key: ByteString,
        _ directory: ByteString,
        in context: borrowing FilesystemContext
    ) throws(SystemError) {
        let opened = try OwnedDescriptor.openDirectory(directory)
        do {
            try context.set(key, path(of: opened))
        } catch {
            throw SystemError(operation: error.operation, errno: error.errno, path: directory)
        }
        withExtendedLifetime(opened) {}
    }

    /// The path of an open directory for as long as it is open, such as that of another overlay.
    package static func path(of descriptor: borrowing OwnedDescriptor) -> ByteString {
        ByteString("/proc/self/fd/\(descriptor.rawValue)")
    }
}
