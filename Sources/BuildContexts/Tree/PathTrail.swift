package import ByteStrings

/// A value for each directory on the way to the path that was followed last, so that the next path, which is mostly near,
/// need not be followed from the root.
///
/// Paths are clean and relative, as those of ``FileTree``.
package struct PathTrail<Value> {
    private var path = ByteString()

    /// Where the path of each directory ends; the root's is 0.
    private var ends = [0]

    /// The values, the root's first.
    package var values: [Value]

    package init(root: Value) {
        values = [root]
    }

    /// The value of the directory at `wanted` when that was followed last, else nil.
    package func value(at wanted: ByteString) -> Value? {
        ends[ends.count - 1] == wanted.count && path == wanted ? values.last : nil
    }

    /// The path of the directory whose value is at `index`.
    package func path(at index: Int) -> ByteString {
        ByteString(path.bytes[..<ends[index]])
    }

    /// The last component of that path.
    package func name(at index: Int) -> ByteString {
        index == 0 ? "" : ByteString(path.bytes[(ends[index - 1] == 0 ? 0 : ends[index - 1] + 1)..<ends[index]])
    }

    /// The number of bytes of the path of the directory whose value is at `index`.
    package func end(of index: Int) -> Int { ends[index] }

    /// The index of the value of the deepest directory that is on the way to `wanted`, or is it.
    package func sharedDepth(with wanted: ByteString) -> Int {
        let shared = Self.sharedCount(path.bytes, wanted.bytes)
        var (low, high) = (0, ends.count - 1)
        // The ends ascend, and those within what is shared come first.
        while low < high {
            let middle = (low + high + 1) / 2
            if ends[middle] <= shared { low = middle } else { high = middle - 1 }
        }
        while low > 0, ends[low] < wanted.count, wanted.bytes[ends[low]] != ByteString.slash { low -= 1 }
        return low
    }

    /// Goes back to the deepest directory that is on the way to `wanted`.
    ///
    /// - Returns: The values that are no longer there.
    @discardableResult
    package mutating func cut(to wanted: ByteString) -> ArraySlice<Value> {
        let depth = sharedDepth(with: wanted)
        let dropped = values[(depth + 1)...]
        values.removeSubrange((depth + 1)...)
        ends.removeSubrange((depth + 1)...)
        return dropped
    }

    /// Goes to the directory at `wanted`: back to what both paths share, and then a `step` for each component.
    ///
    /// `step` gets the value of the directory above, the component and the length of the path so far, and gives the
    /// value, or nil to stop there.
    ///
    /// - Throws: What `step` throws; the trail ends before that component then.
    /// - Returns: The value of the last directory, or nil when a step gave none.
    package mutating func follow(
        _ wanted: ByteString,
        step: (_ parent: Value, _ name: ByteString, _ end: Int) throws -> Value?
    ) rethrows -> Value? {
        cut(to: wanted)
        path = wanted
        var last = values[values.count - 1]
        var start = ends[ends.count - 1]
        while start < wanted.count {
            if start > 0 { start += 1 }
            let end = wanted.bytes[start...].firstIndex(of: ByteString.slash) ?? wanted.count
            guard let value = try step(last, ByteString(wanted.bytes[start..<end]), end) else { return nil }
            values.append(value)
            ends.append(end)
            (last, start) = (value, end)
        }
        return last
    }

    private static func sharedCount(_ left: [UInt8], _ right: [UInt8]) -> Int {
        left.withUnsafeBufferPointer { left in
            right.withUnsafeBufferPointer { right in
                let count = min(left.count, right.count)
                var index = 0
                while index < count, left[index] == right[index] { index += 1 }
                return index
            }
        }
    }
}

extension PathTrail: Sendable where Value: Sendable {}

extension ByteString {
    /// A clean relative path without its last component, and that component; both are empty for the root.
    package var folderAndName: (folder: ByteString, name: ByteString) {
        guard let slash = bytes.lastIndex(of: Self.slash) else { return ("", self) }
        return (ByteString(bytes[..<slash]), ByteString(bytes[(slash + 1)...]))
    }
}
