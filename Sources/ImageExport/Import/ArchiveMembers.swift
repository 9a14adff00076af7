import ByteStrings
import ContentStorage
import LinuxSystem
import OCIModel
import TarArchive

/// The members of an image archive, read once from front to end.
///
/// Members never get the names they have: what is large becomes a staged blob, what is a document stays in memory.
final class ArchiveMembers: ImageSource {
    private enum Member {
        case document([UInt8])
        case blob(SourceBlob)
        case link(ByteString)
    }

    private let blobs: BlobStore
    private let session: Session
    private var members: [ByteString: Member] = [:]
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 4096)

    /// No layer of any use is larger: 1 TiB.
    static let largestMember: UInt64 = 1 << 40

    /// An image of 127 layers has about 400 members.
    private static let mostMembers = 100_000
    private static let mostLinks = 8
    private static let documents: Set<ByteString> = ["index.json", "manifest.json", "oci-layout"]

    deinit {
        buffer.deallocate()
    }

    init(_ archive: ArchiveReader, blobs: BlobStore, session: Session) throws {
        self.blobs = blobs
        self.session = session
        while let entry = try archive.next() {
            let path = try Self.cleanPath(entry.path)
            if path.isEmpty || entry.kind == .directory { continue }
            guard members[path] == nil, members.count < Self.mostMembers else { throw ExportError.repeatedName(path) }
            switch entry.kind {
            case .regular:
                members[path] = try read(entry, at: path, from: archive)
            case .symbolicLink:
                if entry.linkTarget.isAbsolutePath { throw ExportError.hostileName(path) }
                let folder = path.pathComponents.dropLast().joinedAsPath
                members[path] = .link(try Self.cleanPath(folder.appendingPath(entry.linkTarget)))
            case .hardLink:
                members[path] = .link(try Self.cleanPath(entry.linkTarget))
            case .directory, .characterDevice, .blockDevice, .fifo:
                throw ExportError.hostileName(path)
            }
        }
    }

    func document(_ name: ByteString) throws -> [UInt8]? {
        if case .document(let bytes) = try member(name) { bytes } else { nil }
    }

    func blob(at path: ByteString) throws -> SourceBlob? {
        if case .blob(let blob) = try member(path) { blob } else { nil }
    }

    private func member(_ path: ByteString) throws -> Member? {
        var current = path
        for _ in 0...Self.mostLinks {
            guard case .link(let target) = members[current] else { return members[current] }
            current = target
        }
        throw ExportError.danglingLink(path)
    }

    private func read(_ entry: TarEntry, at path: ByteString, from archive: ArchiveReader) throws -> Member {
        if Self.documents.contains(path) {
            guard entry.size <= UInt64(CanonicalJSON.defaultSizeLimit) else {
                throw ExportError.badDocument(
                    path,
                    reason: "\(DocumentError.tooLarge(limit: CanonicalJSON.defaultSizeLimit))"
                )
            }
            var bytes: [UInt8] = []
            try readAll(archive) { bytes.append(contentsOf: $0) }
            return .document(bytes)
        }
        let expected = ArchivePlan.digest(of: path)
        // Ours was checked when it came; the archive's may be anything, and is left unread.
        if let expected, try blobs.size(of: expected) == entry.size {
            return .blob(SourceBlob(stored: StoredBlob(digest: expected, size: entry.size), staged: nil))
        }
        let writer = try blobs.writer(in: session, limit: Self.largestMember)
        try readAll(archive) { try writer.write($0) }
        let staged = try writer.stage(expecting: expected, size: entry.size)
        return .blob(SourceBlob(stored: staged.stored, staged: staged))
    }

    private func readAll(_ archive: ArchiveReader, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        while true {
            let count = try archive.read(into: buffer)
            if count == 0 { return }
            try body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }

    /// The path without `.` and with `..` resolved.
    ///
    /// - Throws: ``ExportError/hostileName(_:)`` when it leads outside.
    static func cleanPath(_ path: ByteString) throws(ExportError) -> ByteString {
        guard !path.isAbsolutePath, !path.contains(0) else { throw .hostileName(path) }
        var kept: [ByteString] = []
        for component in path.pathComponents {
            if component != ".." {
                kept.append(component)
            } else if kept.popLast() == nil {
                throw .hostileName(path)
            }
        }
        return kept.joinedAsPath
    }
}

extension ArchivePlan {
    /// The digest that the path of a blob in an OCI image layout names; nil for every other path.
    static func digest(of path: ByteString) -> Digest? {
        let components = path.pathComponents
        guard components.count == 3, components[0] == "blobs", components[1] == "sha256",
            let hex = components[2].validatedString
        else { return nil }
        return try? Digest("sha256:\(hex)")
    }
}
