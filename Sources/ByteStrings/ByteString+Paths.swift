extension ByteString {
    package static let slash = UInt8(ascii: "/")

    /// The names between slashes; empty ones and `.` are left out, `..` stays.
    package var pathComponents: [ByteString] {
        bytes.split(separator: Self.slash).map { ByteString($0) }.filter { $0 != "." }
    }

    /// Whether the path starts at the root.
    package var isAbsolutePath: Bool {
        bytes.first == Self.slash
    }

    /// The path with one more component, or `component` itself when that is absolute or this path is empty.
    package func appendingPath(_ component: ByteString) -> ByteString {
        if component.isAbsolutePath || bytes.isEmpty { return component }
        if component.isEmpty { return self }
        var whole: [UInt8] = []
        whole.reserveCapacity(bytes.count + 1 + component.count)
        whole += bytes
        if bytes.last != Self.slash { whole.append(Self.slash) }
        whole += component.bytes
        return ByteString(whole)
    }

    /// The absolute form of the path with `.`, `..` and repeated slashes resolved by text alone; `..` stops at the root.
    package var lexicallyCleanedAbsolute: ByteString {
        if isLexicallyClean {
            if isAbsolutePath { return self }
            return ByteString([Self.slash] + bytes)
        }
        var kept: [ByteString] = []
        for component in pathComponents {
            if component == ".." { _ = kept.popLast() } else { kept.append(component) }
        }
        return "/" + kept.joinedAsPath
    }

    /// Whether no component but a slash at the front is empty, `.` or `..`.
    package var isLexicallyClean: Bool {
        bytes.withUnsafeBufferPointer { bytes in
            if bytes.count == 1, bytes[0] == Self.slash { return true }
            let dot = UInt8(ascii: ".")
            // The length of the component so far, and whether it has nothing but dots.
            var (length, isDots) = (bytes.first == Self.slash ? -1 : 0, true)
            for byte in bytes {
                if byte != Self.slash {
                    isDots = isDots && byte == dot
                    length += 1
                } else if length == -1 {
                    length = 0
                } else if length == 0 || isDots && length < 3 {
                    return false
                } else {
                    (length, isDots) = (0, true)
                }
            }
            return length > 0 && !(isDots && length < 3)
        }
    }

    /// The last component, or the empty string for the root.
    package var lastPathComponent: ByteString {
        guard let last = bytes.last, last != Self.slash, last != UInt8(ascii: ".") else {
            return pathComponents.last ?? ""
        }
        return bytes.lastIndex(of: Self.slash).map { ByteString(bytes[($0 + 1)...]) } ?? self
    }

    /// Whether the string starts with `prefix`.
    package func hasPrefix(_ prefix: ByteString) -> Bool {
        bytes.starts(with: prefix.bytes)
    }

    /// Whether the string ends with `suffix`.
    package func hasSuffix(_ suffix: ByteString) -> Bool {
        bytes.count >= suffix.count && bytes[(bytes.count - suffix.count)...].elementsEqual(suffix.bytes)
    }
}

extension Sequence<ByteString> {
    /// The components with one slash between each two, and none at the front.
    package var joinedAsPath: ByteString {
        ByteString(Array(map(\.bytes).joined(separator: [ByteString.slash])))
    }
}
