import ByteStrings
import LinuxSystem
import OCIModel

/// Writes contents into a folder, and hashes them on the way.
struct ContentStore {
    private let folder: FolderHandle

    private static let pieceSize = 1 << 17

    init(_ folder: FolderHandle) {
        self.folder = folder
    }

    /// Writes a new file, with holes where long runs of zeros are; `read` gives its bytes and 0 at the end.
    func write(
        _ name: ByteString,
        read: (UnsafeMutableRawBufferPointer) throws -> Int
    ) throws -> (size: UInt64, hash: ContentHash) {
        let file = try folder.descriptor.openChild(name, [.readWrite, .create, .exclusive], permissions: 0o600)
        var digester = Digester(.sha256)
        var size: UInt64 = 0
        var hasHoleAtEnd = false
        try withUnsafeTemporaryAllocation(byteCount: Self.pieceSize, alignment: 16) { buffer in
            while true {
                let count = try read(buffer)
                if count == 0 { return }
                let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<count])
                digester.update(bytes)
                hasHoleAtEnd = count >= 4096 && bytes.allSatisfy { $0 == 0 }
                if !hasHoleAtEnd { try file.write(all: bytes, at: size) }
                size += UInt64(count)
            }
        }
        if hasHoleAtEnd { try file.truncate(to: size) }
        return (size, ContentHash(digester.finalize()))
    }
}
