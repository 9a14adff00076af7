import ByteStrings

/// A pattern of `*`, `?` and text, matched against the value of a variable.
///
/// Neither wildcard matches a line feed. A match takes as much as it can, or as little, as the caller asks.
struct GlobPattern {
    /// A character, or a byte that is part of none, which counts from `0x110000`.
    typealias Unit = UInt32

    /// Stands for `?`.
    private static let anyUnit = Unit.max
    private static let lineFeed = Unit(0x0A)
    /// Work beyond this is refused: what a pattern can be made to cost grows with the square of the value.
    private static let mostSteps = 1 << 24

    /// What stands between the stars; one more than there are stars.
    private var segments: [[Unit]] = [[]]
    /// The work so far, that of other patterns of the word included.
    private(set) var steps: Int

    /// Nil when an escape in the pattern means nothing; `steps` is the work that was done before.
    init?(_ pattern: [UInt8], steps: Int = 0) {
        self.steps = steps
        let units = Self.units(pattern)
        var index = 0
        while index < units.count {
            var unit = units[index]
            index += 1
            switch unit {
            case Unit(UInt8(ascii: "*")):
                segments.append([])
                continue
            case Unit(UInt8(ascii: "?")): unit = Self.anyUnit
            case Unit(UInt8(ascii: "\\")):
                guard index < units.count, "*?\\}/".utf8.contains(where: { Unit($0) == units[index] }) else {
                    return nil
                }
                unit = units[index]
                index += 1
            default: break
            }
            segments[segments.count - 1].append(unit)
        }
    }

    mutating func trimmingPrefix(of value: [UInt8], longest: Bool) throws(ExpansionError) -> [UInt8] {
        let units = Self.units(value)
        guard let end = try matchEnd(in: units, at: 0, longest: longest) else { return value }
        return Self.bytes(units[end...])
    }

    mutating func trimmingSuffix(of value: [UInt8], longest: Bool) throws(ExpansionError) -> [UInt8] {
        segments = segments.reversed().map { $0.reversed() }
        let units = Array(Self.units(value).reversed())
        guard let end = try matchEnd(in: units, at: 0, longest: longest) else { return value }
        return Self.bytes(units[end...].reversed())
    }

    mutating func replacingFirst(in value: [UInt8], with text: [UInt8]) throws(ExpansionError) -> [UInt8] {
        let units = Self.units(value)
        guard let match = try firstMatch(in: units, from: 0) else { return value }
        return Self.bytes(units[..<match.lowerBound]) + text + Self.bytes(units[match.upperBound...])
    }

    /// In `text`, `$0` is what matched, any other group is empty, and `$$` is a dollar sign.
    ///
    /// A result of more than `limit` bytes is refused.
    mutating func replacingAll(
        in value: [UInt8],
        with text: [UInt8],
        limit: Int
    ) throws(ExpansionError) -> [UInt8] {
        let units = Self.units(value)
        let replacement = ReplacementText(text)
        var result: [UInt8] = []
        var copied = 0
        var position = 0
        while position <= units.count, let match = try firstMatch(in: units, from: position) {
            result += Self.bytes(units[copied..<match.lowerBound])
            // An empty match right behind another match is none.
            if match.upperBound > copied || match.lowerBound == 0 {
                try count(replacement.parts.count)
                let bytes = Self.bytes(units[match])
                guard replacement.count(withMatchOf: bytes.count) <= limit - result.count else { throw .tooLong }
                replacement.fill(with: bytes, into: &result)
            }
            copied = match.upperBound
            position = max(position + 1, match.upperBound)
            guard result.count <= limit else { throw .tooLong }
        }
        return result + Self.bytes(units[copied...])
    }

    // MARK: Matching

    private mutating func firstMatch(in units: [Unit], from start: Int) throws(ExpansionError) -> Range<Int>? {
        for position in start...units.count {
            if let end = try matchEnd(in: units, at: position, longest: true) { return position..<end }
        }
        return nil
    }

    /// Where a match that starts at `start` ends, or nil when there is none.
    private mutating func matchEnd(in units: [Unit], at start: Int, longest: Bool) throws(ExpansionError) -> Int? {
        guard try matches(segments[0], units, at: start) else { return nil }
        var position = start + segments[0].count
        for (index, segment) in segments.enumerated().dropFirst() {
            let isLast = index == segments.count - 1
            // Taking the first place for all but the last segment leaves the most room for those behind.
            guard let found = try find(segment, units, from: position, last: isLast && longest) else { return nil }
            position = found + segment.count
        }
        return position
    }

    /// The first or last place at or behind `start` where the segment matches, with no line feed in between.
    private mutating func find(
        _ segment: [Unit],
        _ units: [Unit],
        from start: Int,
        last: Bool
    ) throws(ExpansionError) -> Int? {
        var found: Int?
        var position = start
        while position + segment.count <= units.count {
            if try matches(segment, units, at: position) {
                found = position
                if !last { return found }
            }
            if position == units.count || units[position] == Self.lineFeed { break }
            position += 1
        }
        return found
    }

    private mutating func matches(_ segment: [Unit], _ units: [Unit], at start: Int) throws(ExpansionError) -> Bool {
        steps += 1
        guard start + segment.count <= units.count else { return false }
        for offset in segment.indices {
            steps += 1
            let unit = units[start + offset]
            if segment[offset] == Self.anyUnit ? unit == Self.lineFeed : unit != segment[offset] {
                return false
            }
        }
        try count(0)
        return true
    }

    /// Adds to the work, and refuses what is beyond the bound.
    private mutating func count(_ more: Int) throws(ExpansionError) {
        steps += more
        guard steps < Self.mostSteps else { throw .tooLong }
    }

    // MARK: Units

    private static func units(_ bytes: [UInt8]) -> [Unit] {
        var units: [Unit] = []
        units.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            let length = byte < 0x80 ? 1 : byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2
            if length == 1 {
                units.append(Unit(byte))
            } else if index + length <= bytes.count,
                let text = String(validating: bytes[index..<(index + length)], as: UTF8.self),
                let scalar = text.unicodeScalars.first, text.unicodeScalars.count == 1
            {
                units.append(scalar.value)
                index += length
                continue
            } else {
                units.append(0x110000 + Unit(byte))
            }
            index += 1
        }
        return units
    }

    private static func bytes(_ units: some Sequence<Unit>) -> [UInt8] {
        var bytes: [UInt8] = []
        for unit in units {
            if unit < 0x80 {
                bytes.append(UInt8(unit))
            } else if let scalar = UnicodeScalar(unit) {
                bytes.append(contentsOf: Array(String(scalar).utf8))
            } else {
                bytes.append(UInt8(truncatingIfNeeded: unit))
            }
        }
        return bytes
    }
}
