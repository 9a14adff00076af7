import ByteStrings
import FileModel
import OCIModel

/// Feeds a digest with an encoding of a selection in which no two different ones are the same bytes.
///
/// Integers are little-endian; everything of variable length has its length in front.
struct SelectionEncoder {
    private static let version = Array("slipway.selection 1\n".utf8)
    private static let flushSize = 64 << 10

    private let keepsOwners: Bool
    private var digester = Digester()
    private var bytes: [UInt8] = []

    init(keepsOwners: Bool) {
        self.keepsOwners = keepsOwners
        bytes.reserveCapacity(Self.flushSize + 4096)
        bytes += Self.version
    }

    mutating func begin(_ selection: Selection) {
        bytes.append(selection.form.rawValue)
        bytes.append(keepsOwners ? 1 : 0)
        bytes.append(littleEndian: UInt64(selection.entries.count))
    }

    mutating func append(_ selected: SelectedEntry, _ content: ContentHash?, _ tree: some FileTree) throws {
        let entry = selected.entry
        append(selected.destination.bytes)
        bytes.append(entry.kind.rawValue)
        // The kernel shows a link's mode, but nothing can change it and nobody obeys it.
        bytes.append(littleEndian: entry.kind == .symbolicLink ? 0 : entry.permissions)
        if keepsOwners {
            bytes.append(littleEndian: entry.owner)
            bytes.append(littleEndian: entry.group)
        }
        bytes.append(littleEndian: UInt64(selected.linkGroup.map { $0 + 1 } ?? 0))
        switch entry.kind {
        case .regular:
            guard let content else { throw ContextError.changedDuringBuild(selected.source) }
            content.withUnsafeBytes { bytes.append(contentsOf: $0) }
        case .symbolicLink:
            append(try tree.readLink(selected.source, of: entry).bytes)
        case .characterDevice, .blockDevice:
            bytes.append(littleEndian: entry.deviceNumber.major)
            bytes.append(littleEndian: entry.deviceNumber.minor)
        case .directory, .fifo, .socket:
            break
        }
        if entry.kind == .regular || entry.kind == .directory { try appendAttributes(selected.source, tree) }
        if bytes.count > Self.flushSize { flush() }
    }

    consuming func finish() -> Digest {
        flush()
        return digester.finalize()
    }

    private mutating func appendAttributes(_ path: ByteString, _ tree: some FileTree) throws {
        let attributes = try tree.extendedAttributes(path).filter { CopiedAttribute.includes($0.key) }
        bytes.append(littleEndian: UInt64(attributes.count))
        for (name, value) in attributes.sorted(by: { $0.key < $1.key }) {
            append(name.bytes)
            append(value)
        }
    }

    private mutating func append(_ value: [UInt8]) {
        bytes.append(littleEndian: UInt64(value.count))
        bytes += value
    }

    private mutating func flush() {
        bytes.withUnsafeBytes { digester.update($0) }
        bytes.removeAll(keepingCapacity: true)
    }
}
