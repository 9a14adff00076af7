import LinuxSystem
import OCIModel
import TarArchive

/// Unpacks a blob and hashes what comes out while somebody reads it.
final class ArchiveTap {
    private let blob: DescriptorHandle
    private let source: Decompressor
    private var digester = Digester(.sha256)

    init(blob: consuming OwnedDescriptor, limits: ArchiveLimits) throws {
        self.blob = DescriptorHandle(blob)
        source = try Decompressor(.descriptor(self.blob.descriptor.rawValue), limits: limits)
    }

    var digest: Digest { digester.finalize() }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        let count = try source.read(into: buffer)
        digester.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        return count
    }
}
