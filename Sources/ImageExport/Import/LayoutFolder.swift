import ByteStrings
import ContentStorage
import FileModel
import LinuxSystem
import OCIModel
import SystemPackage

/// An OCI image layout in a folder of the host, which others may be writing to.
final class LayoutFolder: ImageSource {
    private let folder: OwnedDescriptor
    private let blobs: BlobStore
    private let session: Session
    private var found: [ByteString: SourceBlob] = [:]

    init(_ folder: consuming OwnedDescriptor, blobs: BlobStore, session: Session) {
        self.folder = folder
        self.blobs = blobs
        self.session = session
    }

    func document(_ name: ByteString) throws -> [UInt8]? {
        do {
            guard let file = try open(name) else { return nil }
            return try file.readAll(limit: CanonicalJSON.defaultSizeLimit)
        } catch let error as SystemError where error.errno == .fileTooLarge {
            throw ExportError.badDocument(
                name,
                reason: "\(DocumentError.tooLarge(limit: CanonicalJSON.defaultSizeLimit))"
            )
        }
    }

    func blob(at path: ByteString) throws -> SourceBlob? {
        if let known = found[path] { return known }
        let expected = ArchivePlan.digest(of: path)
        if let expected, let size = try blobs.size(of: expected) {
            return SourceBlob(stored: StoredBlob(digest: expected, size: size), staged: nil)
        }
        guard let file = try open(path) else { return nil }
        let staged = try stage(file, expecting: expected)
        let blob = SourceBlob(stored: staged.stored, staged: staged)
        found[path] = blob
        return blob
    }

    private func stage(_ file: borrowing OwnedDescriptor, expecting digest: Digest?) throws -> StagedBlob {
        let writer = try blobs.writer(in: session, limit: ArchiveMembers.largestMember)
        try LayerBytes.read(file, compressed: false) { try writer.write($0) }
        return try writer.stage(expecting: digest)
    }

    private func open(_ path: ByteString) throws -> OwnedDescriptor? {
        let file: OwnedDescriptor
        do {
            file = try folder.open(path, [.readOnly, .nonBlocking], resolving: .beneathWithoutLinks)
        } catch {
            if error.errno == .noSuchFileOrDirectory || error.errno == .notDirectory { return nil }
            throw error
        }
        if try file.status().kind == .regular { return file }
        return nil
    }
}
