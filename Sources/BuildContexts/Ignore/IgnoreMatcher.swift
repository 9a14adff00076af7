package import ByteStrings

/// What a list of patterns says of a path: the last one that matches the path or one of its parents decides.
package struct IgnoreMatcher: Hashable, Sendable {
    package let patterns: [IgnorePattern]

    /// An empty list ignores nothing.
    package init(_ patterns: [IgnorePattern]) {
        self.patterns = patterns
    }

    /// The patterns of `--exclude` flags, in order; blank ones are left out.
    ///
    /// - Throws: `ContextError.badPattern`, `ContextError.emptyException`.
    package init(flags: [ByteString]) throws(ContextError) {
        var patterns: [IgnorePattern] = []
        for flag in flags {
            if let pattern = try IgnorePattern(flag) { patterns.append(pattern) }
        }
        self.patterns = patterns
    }

    /// Whether the path, clean and relative, is ignored.
    package func ignores(_ path: ByteString) -> Bool {
        decidingPattern(for: path).map { !$0.isException } ?? false
    }

    /// The pattern that decides about the path, or nil when none matches.
    package func decidingPattern(for path: ByteString) -> IgnorePattern? {
        scope(of: path).deciding.map { patterns[$0] }
    }

    /// What the patterns say of a directory, and with it of everything below it.
    struct Scope {
        /// For each pattern whether it matches the directory or one above it.
        fileprivate var matched: [Bool]

        /// The last of them.
        fileprivate var deciding: Int?
    }

    /// The scope of the root.
    var rootScope: Scope {
        Scope(matched: [Bool](repeating: false, count: patterns.count), deciding: nil)
    }

    /// The scope of a directory in one with a known scope.
    func scope(of path: UnsafeBufferPointer<UInt8>, in parent: Scope) -> Scope {
        var scope = parent
        for index in patterns.indices where !scope.matched[index] && patterns[index].matches(path) {
            scope.matched[index] = true
            scope.deciding = max(index, scope.deciding ?? index)
        }
        return scope
    }

    /// The scope of any path, found from the root.
    func scope(of path: ByteString) -> Scope {
        path.bytes.withUnsafeBufferPointer { bytes in
            var scope = rootScope
            for end in 1..<(bytes.count + 1) where end == bytes.count || bytes[end] == ByteString.slash {
                scope = self.scope(of: UnsafeBufferPointer(rebasing: bytes[..<end]), in: scope)
            }
            return scope
        }
    }

    /// Whether the directory that the scope belongs to is ignored.
    func ignores(_ scope: Scope) -> Bool {
        scope.deciding.map { !patterns[$0].isException } ?? false
    }

    /// Whether a path in a directory with a known scope is ignored.
    func ignores(_ path: UnsafeBufferPointer<UInt8>, in parent: Scope) -> Bool {
        let inherited = parent.deciding ?? -1
        for index in patterns.indices.reversed() {
            if index == inherited || patterns[index].matches(path) { return !patterns[index].isException }
        }
        return false
    }

    /// Whether something below an ignored directory may not be ignored; `folder` ends in a slash.
    func mayKeep(below folder: UnsafeBufferPointer<UInt8>, in scope: Scope) -> Bool {
        patterns.indices.contains { index in
            index > (scope.deciding ?? -1) && patterns[index].isException && patterns[index].canMatch(below: folder)
        }
    }

    /// Whether something below a directory that no pattern matches may be matched; `folder` ends in a slash.
    func mayMatch(below folder: UnsafeBufferPointer<UInt8>) -> Bool {
        patterns.contains { !$0.isException && $0.canMatch(below: folder) }
    }
}
