/// Cuts the output of a command into lines that are safe to show.
///
/// Terminal control other than colours is taken out: a build must not be able to move the cursor, set the title or
/// answer queries on the user's terminal.
struct OutputLines {
    /// Longer lines are cut into pieces of this many bytes, so that no output can fill the memory.
    static let longest = 16 << 10

    private var pending: [UInt8] = []

    /// Adds bytes and returns the lines that are complete now, without their line ends.
    mutating func add(_ bytes: [UInt8]) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        bytes.withUnsafeBufferPointer { buffer in
            var start = 0
            while start < buffer.count {
                let room = buffer[start...].prefix(Self.longest - pending.count)
                let end = room.firstIndex(of: 0x0a)
                pending.append(contentsOf: room[..<(end ?? room.endIndex)])
                start = end.map { $0 + 1 } ?? room.endIndex
                if end != nil || pending.count >= Self.longest { lines.append(take()) }
            }
        }
        return lines
    }

    /// The unfinished line at the end of a command's output; nil when there is none.
    mutating func takeRest() -> [UInt8]? {
        pending.isEmpty ? nil : take()
    }

    private mutating func take() -> [UInt8] {
        defer { pending.removeAll(keepingCapacity: true) }
        var line = pending[...]
        if line.last == 0x0d { line.removeLast() }
        // A progress bar redraws its line after a carriage return: what it drew last is what counts.
        if let carriageReturn = line.lastIndex(of: 0x0d) { line = line[(carriageReturn + 1)...] }
        return Self.withoutControls(Array(line))
    }

    /// The line without control characters and escape sequences; colours (`ESC [ … m`) stay.
    static func withoutControls(_ line: [UInt8]) -> [UInt8] {
        guard line.contains(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7f || $0 >= 0x80 }) else { return line }
        var text = ""
        var scalars = String(decoding: line, as: UTF8.self).unicodeScalars[...]
        while let scalar = scalars.popFirst() {
            switch scalar.value {
            case 0x1b: text += skipEscape(&scalars)
            case 0x09: text.unicodeScalars.append(scalar)
            case 0x00..<0x20, 0x7f..<0xa0: continue
            default: text.unicodeScalars.append(scalar)
            }
        }
        return Array(text.utf8)
    }

    /// A text that is not ours on one line, without control characters and escape sequences.
    static func shown(_ text: String) -> String {
        let lines = text.utf8.split(separator: 0x0a).map { String(decoding: withoutControls(Array($0)), as: UTF8.self) }
        return lines.joined(separator: " ")
    }

    /// Reads the rest of an escape sequence, and returns it whole when it only sets colours.
    ///
    /// Source: ECMA-48, sections 5.4 (control sequences) and 5.6 (control strings).
    private static func skipEscape(_ scalars: inout Substring.UnicodeScalarView) -> String {
        guard let kind = scalars.popFirst() else { return "" }
        switch kind {
        case "[":
            var parameters = ""
            while let next = scalars.popFirst() {
                if (0x40...0x7e).contains(next.value) {
                    return next == "m" ? "\u{1b}[\(parameters)m" : ""
                }
                guard (0x20...0x3f).contains(next.value) else { return "" }
                parameters.unicodeScalars.append(next)
            }
            return ""
        case "]", "P", "X", "^", "_":
            while let next = scalars.popFirst() {
                if next.value == 0x07 || next.value == 0x9c { break }
                if next.value == 0x1b {
                    _ = scalars.popFirst()
                    break
                }
            }
            return ""
        default: return ""
        }
    }
}
