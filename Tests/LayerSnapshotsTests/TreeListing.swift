import BuildContexts
import ByteStrings
import FileModel
import LinuxSystem
import OCIModel

/// A tree as lines of text, for comparing.
enum TreeListing {
    /// One line for each entry below the root: path, kind, mode, owner, time, and what else there is.
    static func of(_ tree: some FileTree, contents: Bool = true, times: Bool = true) throws -> [String] {
        var lines: [String] = []
        var firstNames: [FileID: ByteString] = [:]
        try tree.walk("") { found in
            let entry = found.entry
            var line =
                "\(found.path) \(entry.kind) \(String(entry.permissions, radix: 8)) \(entry.owner):\(entry.group)"
            if times { line += " @\(entry.modified.seconds).\(entry.modified.nanoseconds)" }
            switch entry.kind {
            case .regular:
                line += " \(entry.size)"
                if contents {
                    let bytes = try tree.open(found.path).readAll(limit: 1 << 26)
                    line += bytes.count <= 24 ? " \(ByteString(bytes))" : " \(Digest.sha256(of: bytes).hex.prefix(12))"
                }
            case .symbolicLink: line += " -> \(try tree.readLink(found.path))"
            case .characterDevice, .blockDevice: line += " \(entry.deviceNumber.major):\(entry.deviceNumber.minor)"
            default: break
            }
            for (name, value) in try tree.extendedAttributes(found.path).sorted(by: { $0.key < $1.key }) {
                line += " \(name)=\(ByteString(value))"
            }
            if entry.kind != .directory, let first = firstNames.updateValue(found.path, forKey: entry.fileID) {
                firstNames[entry.fileID] = first
                line += " = \(first)"
            }
            lines.append(line)
            return .descend
        }
        return lines
    }

    /// The same without owners and times, short: `path/ 755`, `path 644 content`, `path -> target`.
    static func brief(_ tree: some FileTree, contents: Bool = true) throws -> [String] {
        var lines: [String] = []
        try tree.walk("") { found in
            let mode = String(found.entry.permissions, radix: 8)
            switch found.entry.kind {
            case .directory: lines.append("\(found.path)/ \(mode)")
            case .symbolicLink: lines.append("\(found.path) -> \(try tree.readLink(found.path))")
            case .regular where contents:
                lines.append("\(found.path) \(mode) \(ByteString(try tree.open(found.path).readAll(limit: 1 << 20)))")
            default: lines.append("\(found.path) \(mode)")
            }
            return .descend
        }
        return lines
    }
}
