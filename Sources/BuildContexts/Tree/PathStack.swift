package import ByteStrings

/// The path of the directory that a walk is in, which grows and shrinks with the walk.
///
/// A level has only the length of its path, so that a deep tree takes no more memory than its longest path.
package struct PathStack: Sendable {
    private var bytes: [UInt8]

    /// Where the path of each directory ends that was entered, the last one's at last.
    private var ends: [Int] = []

    /// Starts in a directory with a clean relative path; the empty one is the root.
    package init(_ start: ByteString = "") {
        bytes = start.bytes
    }

    /// The path of the directory.
    package var path: ByteString { ByteString(bytes) }

    /// The path of an entry of the directory.
    package func path(of name: ByteString) -> ByteString {
        if bytes.isEmpty { return name }
        var whole: [UInt8] = []
        whole.reserveCapacity(bytes.count + 1 + name.count)
        whole += bytes
        whole.append(ByteString.slash)
        whole += name.bytes
        return ByteString(whole)
    }

    /// Enters a directory of this one.
    package mutating func enter(_ name: ByteString) {
        ends.append(bytes.count)
        if !bytes.isEmpty { bytes.append(ByteString.slash) }
        bytes += name.bytes
    }

    /// Goes back to the directory that was left for this one; the start is never left.
    package mutating func leave() {
        guard let end = ends.popLast() else { return }
        bytes.removeSubrange(end...)
    }

    /// The path of the directory that so many were entered to reach.
    package func path(depth: Int) -> ByteString {
        depth < ends.count ? ByteString(bytes[..<ends[depth]]) : path
    }

    /// The last component of that path; empty for the start.
    package func name(depth: Int) -> ByteString {
        if depth == 0 { return "" }
        let start = ends[depth - 1]
        let end = depth < ends.count ? ends[depth] : bytes.count
        return ByteString(bytes[(start == 0 ? 0 : start + 1)..<end])
    }
}
