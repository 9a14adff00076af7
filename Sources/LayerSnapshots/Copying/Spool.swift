import ByteStrings
import LinuxSystem

/// A file without a name that takes contents one behind the other.
struct Spool: ~Copyable {
    private let folder: ByteString
    private var file: DescriptorHandle?
    private(set) var size: UInt64 = 0

    /// Makes no file before there is something to write.
    init(folder: ByteString) {
        self.folder = folder
    }

    mutating func append(_ bytes: UnsafeRawBufferPointer) throws {
        let file = try file ?? DescriptorHandle(OwnedDescriptor.temporaryFile(in: folder))
        self.file = file
        try file.descriptor.write(all: bytes, at: size)
        size += UInt64(bytes.count)
    }

    func copy(
        from offset: UInt64,
        size: UInt64,
        path: ByteString,
        through copier: ContentCopier,
        to layer: LayerWriter
    ) throws {
        guard let file else { return }
        try copier.copy(file.descriptor, from: offset, size: size, path: path, to: layer)
    }
}
