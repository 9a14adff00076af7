package import ByteStrings

/// What `--chmod` makes of a file's mode.
///
/// Source: `chmod(1)`; where its dialects differ, BuildKit's, which is that of BSD.
package enum PermissionChange: Hashable, Sendable {
    /// These twelve bits.
    case absolute(UInt16)

    /// One step after the other.
    case symbolic([Step])

    /// One operator with what it applies to: the `=rX` of `go=rX`.
    package struct Step: Hashable, Sendable {
        enum Operator: UInt8 {
            case add = 0x2b, remove = 0x2d, set = 0x3d
        }

        /// The bits of the classes named in front of the operator; 0 when none was.
        var who: UInt16
        var operation: Operator

        /// As if for all classes.
        var bits: UInt16 = 0

        /// `X`: execution for directories, and where somebody may execute already.
        var executesConditionally = false

        /// The class whose bits are copied, as a shift: 6, 3 or 0.
        var copiedShift: UInt16?
    }

    /// Parses an octal or a symbolic mode.
    ///
    /// - Throws: ``LayerError/invalidPermissions(_:)``.
    package init(parsing text: ByteString) throws(LayerError) {
        if let first = text.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) {
            guard let digits = text.validatedString, digits.utf8.count <= 12, let mode = UInt16(digits, radix: 8),
                mode <= 0o7777
            else { throw .invalidPermissions(text) }
            self = .absolute(mode)
            return
        }
        var steps: [Step] = []
        for clause in text.bytes.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
            guard let parsed = Self.steps(clause[...]) else { throw .invalidPermissions(text) }
            steps += parsed
        }
        self = .symbolic(steps)
    }

    /// The mode that comes of `mode`.
    package func applied(to mode: UInt16, isDirectory: Bool) -> UInt16 {
        switch self {
        case .absolute(let bits): bits
        case .symbolic(let steps): steps.reduce(mode) { $1.applied(to: $0, isDirectory: isDirectory) }
        }
    }

    /// The mode of a directory that is made on the way to the destination: symbolic modes leave those alone.
    package var ofMadeDirectories: UInt16 {
        if case .absolute(let bits) = self { bits } else { 0o755 }
    }

    private static func steps(_ clause: ArraySlice<UInt8>) -> [Step]? {
        var rest = clause
        var who: UInt16 = 0
        while let byte = rest.first, let bits = classes[byte] {
            who |= bits
            rest.removeFirst()
        }
        var steps: [Step] = []
        while let byte = rest.popFirst() {
            guard let operation = Step.Operator(rawValue: byte) else { return nil }
            var step = Step(who: who, operation: operation)
            while let byte = rest.first, Step.Operator(rawValue: byte) == nil {
                guard step.take(byte) else { return nil }
                rest.removeFirst()
            }
            steps.append(step)
        }
        return steps.isEmpty ? nil : steps
    }

    private static let classes: [UInt8: UInt16] = [
        UInt8(ascii: "u"): 0o4700, UInt8(ascii: "g"): 0o2070, UInt8(ascii: "o"): 0o0007, UInt8(ascii: "a"): 0o6777,
    ]
}

extension PermissionChange.Step {
    /// Adds one letter behind the operator; false when it is none.
    fileprivate mutating func take(_ letter: UInt8) -> Bool {
        let othersOnly = who == 0o0007
        switch letter {
        case UInt8(ascii: "r"): bits |= 0o444
        case UInt8(ascii: "w"): bits |= 0o222
        case UInt8(ascii: "x"): bits |= 0o111
        case UInt8(ascii: "X"): executesConditionally = true
        case UInt8(ascii: "s"): if !othersOnly { bits |= 0o6000 }
        case UInt8(ascii: "t"):
            if !othersOnly {
                bits |= 0o1000
                if who != 0 { who |= 0o1000 }
            }
        case UInt8(ascii: "u"): copiedShift = 6
        case UInt8(ascii: "g"): copiedShift = 3
        case UInt8(ascii: "o"): copiedShift = 0
        default: return false
        }
        return true
    }

    fileprivate func applied(to mode: UInt16, isDirectory: Bool) -> UInt16 {
        let affected: UInt16 = who == 0 ? 0o7777 : who
        var bits = bits
        if executesConditionally, isDirectory || mode & 0o111 != 0 { bits |= 0o111 }
        if let copiedShift { bits |= (mode >> copiedShift & 7) * 0o111 }
        bits &= affected
        switch operation {
        case .add: return mode | bits
        case .remove: return mode & ~bits
        case .set: return mode & ~(affected & (who == 0 ? 0o6777 : affected)) | bits
        }
    }
}
