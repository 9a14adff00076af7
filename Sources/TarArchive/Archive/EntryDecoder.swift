import ByteStrings
import CArchive
import FileModel

/// Turns the header of the reader in C into an entry, with every number checked.
struct EntryDecoder {
    let limits: ArchiveLimits

    /// Takes the word of `note` where there is one.
    func decode(_ header: OpaquePointer, _ note: HeaderTap.Note? = nil) throws(ArchiveError) -> TarEntry {
        var path = try bytes(archive_entry_pathname(header))
        let hardLink = archive_entry_hardlink(header)
        let kind = try kind(header, note, isHardLink: hardLink != nil, path)
        var link = try kind == .symbolicLink ? bytes(archive_entry_symlink(header)) : bytes(hardLink)
        if let target = note?.linkTarget {
            if target.count > limits.pathLength { throw .limitExceeded(.pathLength, allowed: limits.pathLength) }
            link = target
        }
        if link.isEmpty, kind == .symbolicLink || kind == .hardLink { throw .noLinkTarget(path) }
        // The reader adds a slash to directories that have none; without any, both forms are one.
        if kind == .directory { while path.count > 1, path.last == ByteString.slash { path.removeLast() } }

        guard let owner = UInt32(exactly: archive_entry_uid(header)) else { throw .outOfRange(path, field: "owner") }
        guard let group = UInt32(exactly: archive_entry_gid(header)) else { throw .outOfRange(path, field: "group") }
        guard let size = UInt64(exactly: archive_entry_size(header)) else { throw .outOfRange(path, field: "size") }
        let attributes = FileAttributes(
            permissions: UInt16(truncatingIfNeeded: archive_entry_perm(header)),
            owner: owner,
            group: group,
            modified: try modified(header, note, path),
            extendedAttributes: try extendedAttributes(header)
        )
        return TarEntry(
            path: path,
            kind: kind,
            attributes: attributes,
            size: kind == .regular ? size : 0,
            linkTarget: link,
            device: try device(header, kind, path)
        )
    }

    private func bytes(_ text: UnsafePointer<CChar>?) throws(ArchiveError) -> ByteString {
        guard let text else { return "" }
        var count = 0
        while text[count] != 0 {
            count += 1
            if UInt64(count) > limits.pathLength {
                throw .limitExceeded(.pathLength, allowed: limits.pathLength)
            }
        }
        return ByteString(UnsafeRawBufferPointer(start: text, count: count))
    }

    private func kind(
        _ header: OpaquePointer,
        _ note: HeaderTap.Note?,
        isHardLink: Bool,
        _ path: ByteString
    ) throws(ArchiveError) -> TarEntryKind {
        // The reader takes a link for a hard one when the plain header has no target.
        if let note, note.linkTarget != nil { return note.typeflag == UInt8(ascii: "2") ? .symbolicLink : .hardLink }
        if isHardLink { return .hardLink }
        // The file types of inode(7), which archives use on every system.
        switch UInt32(archive_entry_filetype(header)) {
        case 0o100000: return .regular
        case 0o120000: return .symbolicLink
        case 0o020000: return .characterDevice
        case 0o060000: return .blockDevice
        case 0o040000: return .directory
        case 0o010000: return .fifo
        default: throw .unsupportedKind(path)
        }
    }

    private func modified(
        _ header: OpaquePointer,
        _ note: HeaderTap.Note?,
        _ path: ByteString
    ) throws(ArchiveError) -> Timestamp {
        if let noted = note?.modified { return noted }
        let seconds = Int64(archive_entry_mtime(header))
        let fraction = UInt32(exactly: archive_entry_mtime_nsec(header)) ?? 0
        guard fraction < 1_000_000_000 else { throw .outOfRange(path, field: "modification time") }
        // The reader gives the digits after the point as they are: -1.25 comes as -1 and 250,000,000.
        if seconds < 0, fraction > 0 {
            let (whole, overflow) = seconds.subtractingReportingOverflow(1)
            if overflow { throw .outOfRange(path, field: "modification time") }
            return Timestamp(seconds: whole, nanoseconds: 1_000_000_000 - fraction)
        }
        return Timestamp(seconds: seconds, nanoseconds: fraction)
    }

    private func device(
        _ header: OpaquePointer,
        _ kind: TarEntryKind,
        _ path: ByteString
    ) throws(ArchiveError) -> DeviceNumber {
        guard kind == .characterDevice || kind == .blockDevice else { return DeviceNumber(major: 0, minor: 0) }
        guard let major = UInt32(exactly: archive_entry_rdevmajor(header)),
            let minor = UInt32(exactly: archive_entry_rdevminor(header))
        else { throw .outOfRange(path, field: "device number") }
        return DeviceNumber(major: major, minor: minor)
    }

    private func extendedAttributes(_ header: OpaquePointer) throws(ArchiveError) -> [ByteString: [UInt8]] {
        let count = UInt64(clamping: archive_entry_xattr_reset(header))
        if count > limits.attributeCount { throw .limitExceeded(.attributeCount, allowed: limits.attributeCount) }
        var attributes: [ByteString: [UInt8]] = [:]
        var total: UInt64 = 0
        var name: UnsafePointer<CChar>?
        var value: UnsafeRawPointer?
        var size = 0
        while archive_entry_xattr_next(header, &name, &value, &size) == ARCHIVE_OK {
            let key = try bytes(name)
            total += UInt64(key.count) + UInt64(size)
            if total > limits.attributeBytes { throw .limitExceeded(.attributeBytes, allowed: limits.attributeBytes) }
            // The list runs backwards: what the archive says last comes first, and wins.
            if attributes[key] == nil { attributes[key] = Array(UnsafeRawBufferPointer(start: value, count: size)) }
        }
        return attributes
    }
}
