/// A string of the policy, in place: its bytes are followed by a NUL.
typealias Text = UnsafePointer<CChar>

/// Strings with a null pointer behind the last.
struct TextList {
    let pointer: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
    let count: Int
}

extension StaticString {
    /// The literal as a C string.
    var text: Text { UnsafeRawPointer(utf8Start).assumingMemoryBound(to: CChar.self) }
}

extension Text {
    /// The empty path, by which calls act on the descriptor itself.
    static var empty: Text { ("" as StaticString).text }
}

/// Whether a string is this literal.
func isSame(_ text: Text, _ literal: StaticString) -> Bool {
    var position = 0
    while text[position] == literal.text[position] {
        if text[position] == 0 { return true }
        position += 1
    }
    return false
}

/// Reads the fields of a policy in order, never past the end.
struct PolicyReader {
    private var bytes: UnsafeRawBufferPointer

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { bytes.isEmpty }

    mutating func integer16() throws(SetupFailure) -> UInt16 {
        UInt16(littleEndian: try take(2).loadUnaligned(as: UInt16.self))
    }

    mutating func integer32() throws(SetupFailure) -> UInt32 {
        UInt32(littleEndian: try take(4).loadUnaligned(as: UInt32.self))
    }

    mutating func integer64() throws(SetupFailure) -> UInt64 {
        UInt64(littleEndian: try take(8).loadUnaligned(as: UInt64.self))
    }

    mutating func boolean() throws(SetupFailure) -> Bool {
        try integer32() != 0
    }

    mutating func text() throws(SetupFailure) -> Text {
        try terminatedBytes().pointer
    }

    /// A string and its length without the NUL.
    mutating func terminatedBytes() throws(SetupFailure) -> (pointer: Text, count: UInt32) {
        let count = try integer32()
        let start = try take(Int(count))
        guard try take(1)[0] == 0 else { throw .malformed }
        guard let address = start.baseAddress else { throw .malformed }
        return (address.assumingMemoryBound(to: CChar.self), count)
    }

    /// Bytes without a NUL behind them.
    mutating func blob() throws(SetupFailure) -> UnsafeRawBufferPointer {
        try take(Int(try integer32()))
    }

    /// A list of strings as `execve(2)` wants it; it lives as long as the process.
    mutating func texts() throws(SetupFailure) -> TextList {
        let count = Int(try integer32())
        // Every string takes five bytes at least, so a count that cannot be true is refused before it is allocated.
        guard count <= bytes.count / 5 else { throw .malformed }
        let list = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: count + 1)
        for index in 0..<count {
            list[index] = UnsafeMutablePointer(mutating: try text())
        }
        list[count] = nil
        return TextList(pointer: list, count: count)
    }

    /// A reader of the next `count` bytes alone.
    mutating func section(_ count: UInt32) throws(SetupFailure) -> PolicyReader {
        PolicyReader(try take(Int(count)))
    }

    /// A reader of all that is left.
    mutating func rest() -> PolicyReader {
        let rest = PolicyReader(bytes)
        bytes = UnsafeRawBufferPointer(rebasing: bytes[bytes.count...])
        return rest
    }

    private mutating func take(_ count: Int) throws(SetupFailure) -> UnsafeRawBufferPointer {
        guard count <= bytes.count else { throw .malformed }
        let taken = UnsafeRawBufferPointer(rebasing: bytes[..<count])
        bytes = UnsafeRawBufferPointer(rebasing: bytes[count...])
        return taken
    }
}
