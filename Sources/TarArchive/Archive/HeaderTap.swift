import ByteStrings
import FileModel

/// Reads the headers of a tar along with the reader in C, for what that one loses of extended headers: the sign of a time
/// between -1 and 0 seconds, and the target of a link whose plain header has none.
///
/// It says something only about members it is sure of. When an archive is too strange to tell where a member ends, it
/// says nothing about the rest. Source: POSIX.1-2024, `pax`, "pax Extended Header".
final class HeaderTap {
    /// What is to be held against the reader's word.
    struct Note: Equatable {
        /// The letter of the member's kind.
        var typeflag: UInt8
        var modified: Timestamp?
        var linkTarget: ByteString?
    }

    private enum State: Equatable {
        case header, records, sparseMap, lost
    }

    private var state = State.header
    private var notes: [(start: UInt64, note: Note)] = []

    /// The bytes of the header or of the records that are under way, and how many there will be.
    private var gathered: [UInt8] = []
    private var wanted = TarHeader.blockSize

    /// Content and padding that come before the next header.
    private var skipped: UInt64 = 0

    /// The same behind a sparse map that is under way.
    private var pendingContent: UInt64 = 0
    private var position: UInt64 = 0

    /// Where the first header of the current member stands, and what its extended ones say.
    private var start: UInt64?
    private var records = PAXValues()

    /// More than that the reader takes for damage too.
    private static let mostRecords: UInt64 = 1 << 20

    /// Takes the next bytes of the tar.
    func take(_ bytes: UnsafeRawBufferPointer) {
        var rest = bytes[...]
        while !rest.isEmpty, state != .lost {
            let count: Int
            if skipped > 0 {
                count = Int(min(skipped, UInt64(rest.count)))
                skipped -= UInt64(count)
            } else {
                count = min(wanted - gathered.count, rest.count)
                gathered.append(contentsOf: rest.prefix(count))
            }
            position += UInt64(count)
            rest = rest.dropFirst(count)
            if skipped == 0, gathered.count == wanted { finishPart() }
        }
    }

    /// What is known of the member whose first header is at `start`.
    func note(at start: UInt64) -> Note? {
        while let first = notes.first, first.start < start { notes.removeFirst() }
        guard let first = notes.first, first.start == start else { return nil }
        return notes.removeFirst().note
    }

    private func finishPart() {
        let bytes = gathered
        gathered.removeAll(keepingCapacity: true)
        switch state {
        case .header: header(bytes)
        case .records:
            records.read(bytes)
            skipped = UInt64(TarEntryEncoder.padding(after: UInt64(bytes.count)))
            (state, wanted) = (.header, TarHeader.blockSize)
        case .sparseMap: if bytes[504] != 1 { (state, skipped) = (.header, pendingContent) }
        case .lost: break
        }
    }

    private func header(_ block: [UInt8]) {
        guard block.contains(where: { $0 != 0 }), let size = TarHeader.size(in: block) else {
            state = .lost
            return
        }
        if start == nil { start = position - UInt64(block.count) }
        let typeflag = block[TarHeader.Field.typeflag.lowerBound]
        switch Character(Unicode.Scalar(typeflag)) {
        case "x", "X":
            guard size <= Self.mostRecords else { return state = .lost }
            if size > 0 { (state, wanted) = (.records, Int(size)) }
        case "g", "L", "K", "V":
            skip(size)
        default:
            member(typeflag, size, isSparse: typeflag == UInt8(ascii: "S") && block[482] == 1)
        }
    }

    private func member(_ typeflag: UInt8, _ size: UInt64, isSparse: Bool) {
        let isLink = typeflag == UInt8(ascii: "1") || typeflag == UInt8(ascii: "2")
        let note = Note(
            typeflag: typeflag,
            modified: records.modified.flatMap { $0.seconds < 0 ? $0 : nil },
            linkTarget: isLink ? records.linkTarget : nil
        )
        if let start, note.modified != nil || note.linkTarget != nil { notes.append((start, note)) }
        let content = records.size ?? size
        start = nil
        records = PAXValues()
        switch Character(Unicode.Scalar(typeflag)) {
        case "1" where content > 0:
            // Some archives have content here and some only say so.
            state = .lost
        case "1", "2", "3", "4", "5", "6":
            break
        default:
            skip(content)
            if isSparse, state != .lost {
                // The rest of the map stands between header and content.
                state = .sparseMap
                (pendingContent, skipped) = (skipped, 0)
            }
        }
    }

    private func skip(_ size: UInt64) {
        let (sum, overflow) = size.addingReportingOverflow(UInt64(TarEntryEncoder.padding(after: size)))
        if overflow { state = .lost } else { skipped = sum }
    }
}
