/// A string of bytes: a path, a file name, a variable, a word of a Dockerfile.
///
/// Linux gives these no encoding, so two of them are equal only when every byte is. `String` would repair invalid
/// UTF-8 and merge canonically equivalent names.
package struct ByteString: Hashable, Sendable {
    /// The bytes, as they came from the kernel or the file.
    package var bytes: [UInt8]

    package init(_ bytes: [UInt8] = []) {
        self.bytes = bytes
    }

    package init(_ bytes: some Sequence<UInt8>) {
        // Copied at once where they stand in a row, as nearly always.
        self.bytes = bytes.withContiguousStorageIfAvailable { Array($0) } ?? Array(bytes)
    }

    /// The UTF-8 bytes of `text`.
    package init(_ text: String) {
        bytes = Array(text.utf8)
    }

    /// The bytes as text, or nil when they are not valid UTF-8.
    package var validatedString: String? {
        String(validating: bytes, as: UTF8.self)
    }
}

extension ByteString: RandomAccessCollection, MutableCollection, RangeReplaceableCollection {
    package init() {
        bytes = []
    }

    package var startIndex: Int { 0 }
    package var endIndex: Int { bytes.count }

    package subscript(position: Int) -> UInt8 {
        get { bytes[position] }
        set { bytes[position] = newValue }
    }

    package func withContiguousStorageIfAvailable<Result>(
        _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
    ) rethrows -> Result? {
        try bytes.withUnsafeBufferPointer(body)
    }

    package mutating func replaceSubrange(_ range: Range<Int>, with newElements: some Collection<UInt8>) {
        bytes.replaceSubrange(range, with: newElements)
    }
}

extension ByteString: Comparable {
    /// Orders by unsigned bytes, as `memcmp(3)` does.
    package static func < (left: ByteString, right: ByteString) -> Bool {
        left.bytes.withUnsafeBufferPointer { left in
            right.bytes.withUnsafeBufferPointer { right in
                let count = Swift.min(left.count, right.count)
                var index = 0
                while index < count, left[index] == right[index] { index += 1 }
                return index == count ? left.count < right.count : left[index] < right[index]
            }
        }
    }
}

extension ByteString: ExpressibleByStringLiteral {
    package init(stringLiteral value: String) {
        self.init(value)
    }
}

extension ByteString: CustomStringConvertible {
    /// The bytes for people, never for use as a key.
    ///
    /// Invalid UTF-8 is shown as U+FFFD.
    package var description: String {
        String(decoding: bytes, as: UTF8.self)
    }
}
