/// A line of a text made safe to show: what a terminal would obey, or cannot show, is spelt out.
struct VisibleText {
    /// What to print.
    private(set) var text = ""
    /// For every byte of the line, and one past its end, the column of `text` it is shown in, counted from 0.
    private(set) var columns: [Int] = []

    private static let tabWidth = 4

    init(_ line: ArraySlice<UInt8>) {
        columns.reserveCapacity(line.count + 1)
        var width = 0
        var index = line.startIndex
        while index < line.endIndex {
            let (shown, cells, length) = Self.unit(of: line, at: index)
            text += shown
            for _ in 0..<length { columns.append(width) }
            width += cells
            index += length
        }
        columns.append(width)
    }

    /// The bytes shown as one piece at `index`: their text, the cells it takes, and how many bytes they are.
    private static func unit(of line: ArraySlice<UInt8>, at index: Int) -> (text: String, cells: Int, length: Int) {
        let byte = line[index]
        switch byte {
        case UInt8(ascii: "\t"): return (String(repeating: " ", count: tabWidth), tabWidth, 1)
        case 0x20..<0x7F: return (String(UnicodeScalar(byte)), 1, 1)
        case 0..<0x20, 0x7F: return (spelt(byte), 4, 1)
        default: break
        }
        let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2
        guard index + length <= line.endIndex,
            let text = String(validating: line[index..<(index + length)], as: UTF8.self),
            let scalar = text.unicodeScalars.first, text.unicodeScalars.count == 1
        else { return (spelt(byte), 4, 1) }
        if isUnsafe(scalar) {
            let code = "\\u{" + String(scalar.value, radix: 16) + "}"
            return (code, code.count, length)
        }
        return (text, cells(of: scalar), length)
    }

    private static func spelt(_ byte: UInt8) -> String {
        "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }

    /// Controls, and the characters that reorder or hide what stands beside them.
    private static func isUnsafe(_ scalar: UnicodeScalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: true
        default: false
        }
    }

    private static func cells(of scalar: UnicodeScalar) -> Int {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: return 0
        default: break
        }
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
            0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF,
            0x20000...0x3FFFD:
            return 2
        default: return 1
        }
    }
}
