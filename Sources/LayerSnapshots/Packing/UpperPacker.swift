package import ByteStrings
import FileModel
import LinuxSystem
import TarArchive

/// Makes a layer of an overlay's upper directory: what a command changed.
///
/// Source: OCI image-spec v1.1, `layer.md`, "Change Types"; Linux, `filesystems/overlayfs.rst`.
package struct UpperPacker {
    private let layer: LayerWriter
    private let content = ContentCopier()

    /// The first name of each file that has several.
    private var firstNames: [UInt64: ByteString] = [:]

    private init(_ layer: LayerWriter) {
        self.layer = layer
    }

    /// Appends everything below the directory `upper` to `layer`, but not the directory itself.
    ///
    /// Nobody may write below it meanwhile. Sockets are left out, as no archive can hold them.
    ///
    /// - Throws: ``LayerError/reservedName(_:)``, ``LayerError/changedDuringBuild(_:)``, `SystemError`, or what writing
    ///   throws.
    package static func pack(_ upper: ByteString, into layer: LayerWriter) throws {
        var packer = UpperPacker(layer)
        try DirectoryWalk(hostPath: upper).run { path, entry, directory in
            try packer.append(path, entry.name, in: directory.descriptor)
        }
    }

    /// Appends one entry; true for a directory, whose entries follow.
    private mutating func append(
        _ path: ByteString,
        _ name: ByteString,
        in directory: borrowing OwnedDescriptor
    ) throws -> Bool {
        if name.hasPrefix(Whiteout.prefix) { throw LayerError.reservedName("/" + path) }
        guard let status = try directory.recordedStatus(of: name) else {
            throw LayerError.changedDuringBuild("/" + path)
        }
        if OverlayMark.isWhiteout(status) {
            try layer.append(.whiteout(of: path))
            return false
        }
        guard var entry = TarEntry(path: path, status) else { return false }
        if status.linkCount > 1, status.kind != .directory {
            if let first = firstNames[status.inode] {
                entry.kind = .hardLink
                entry.linkTarget = first
                entry.size = 0
                try layer.append(entry)
                return false
            }
            firstNames[status.inode] = path
        }
        entry.attributes.extendedAttributes = try directory.layerAttributes(of: name)
        switch status.kind {
        case .symbolicLink:
            entry.linkTarget = try directory.readLink(name)
            try layer.append(entry)
        case .regular:
            let file = try directory.openChild(name, [.readOnly, .nonBlocking])
            try layer.append(entry)
            try content.copy(
                file,
                size: status.size,
                hasHoles: status.allocatedSize < status.size,
                path: "/" + path,
                to: layer
            )
        case .directory:
            try layer.append(entry)
            if try directory.openChild(name, [.pathOnly, .directory]).isOpaqueDirectory() {
                try layer.append(.opaqueMarker(in: path))
            }
            return true
        default:
            try layer.append(entry)
        }
        return false
    }
}
