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
        return ByteString(bytes + (bytes.last == Self.slash ? [] : [Self.slash]) + component.bytes)
    }

    /// The absolute form of the path with `.`, `..` and repeated slashes resolved by text alone; `..` stops at the root.
    package var lexicallyCleanedAbsolute: ByteString {
        var kept: [ByteString] = []
        for component in pathComponents {
            if component == ".." { _ = kept.popLast() } else { kept.append(component) }
        }
        return "/" + kept.joinedAsPath
    }

    /// The last component, or the empty string for the root.
    package var lastPathComponent: ByteString {
        pathComponents.last ?? ""
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
