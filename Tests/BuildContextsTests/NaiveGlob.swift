/// A pattern matcher that tries everything, to compare the real one with.
enum NaiveGlob {
    typealias Scalars = ArraySlice<Unicode.Scalar>

    /// Nil when the pattern breaks the grammar.
    static func matches(_ pattern: [Unicode.Scalar], _ name: [Unicode.Scalar], doubleStars: Bool = false) -> Bool? {
        guard isValid(pattern[...]) else { return nil }
        return match(pattern[...], name[...], doubleStars)
    }

    private static func match(_ pattern: Scalars, _ name: Scalars, _ doubleStars: Bool) -> Bool {
        guard let first = pattern.first else { return name.isEmpty }
        let rest = pattern.dropFirst()
        if doubleStars, first == "*", rest.first == "*" {
            let after = rest.dropFirst().first == "/" ? rest.dropFirst(2) : rest.dropFirst()
            if after.isEmpty { return true }
            let folders = name.indices.filter { name[$0] == "/" }
            return match(after, name, true) || folders.contains { match(after, name[($0 + 1)...], true) }
        }
        switch first {
        case "*":
            let limit = name.firstIndex(of: "/") ?? name.endIndex
            return (name.startIndex...limit).contains { match(rest, name[$0...], doubleStars) }
        case "?":
            guard let next = name.first, next != "/" else { return false }
            return match(rest, name.dropFirst(), doubleStars)
        case "[":
            guard let next = name.first, next != "/", let (contains, after) = set(rest) else { return false }
            return contains(next) && match(after, name.dropFirst(), doubleStars)
        case "\\":
            return rest.first == name.first && match(rest.dropFirst(), name.dropFirst(), doubleStars)
        default:
            return first == name.first && match(rest, name.dropFirst(), doubleStars)
        }
    }

    private static func isValid(_ pattern: Scalars) -> Bool {
        guard let first = pattern.first else { return true }
        switch first {
        case "[":
            guard let (_, after) = set(pattern.dropFirst()) else { return false }
            return isValid(after)
        case "\\":
            return pattern.count > 1 && isValid(pattern.dropFirst(2))
        default:
            return isValid(pattern.dropFirst())
        }
    }

    /// Reads a set up to its bracket.
    private static func set(_ text: Scalars) -> (contains: (Unicode.Scalar) -> Bool, rest: Scalars)? {
        var rest = text
        let isNegated = rest.first == "^"
        if isNegated { rest = rest.dropFirst() }
        var pairs: [(Unicode.Scalar, Unicode.Scalar)] = []
        while true {
            if !pairs.isEmpty, rest.first == "]" {
                return ({ scalar in pairs.contains { $0 <= scalar && scalar <= $1 } != isNegated }, rest.dropFirst())
            }
            guard let low = member(&rest) else { return nil }
            var high = low
            if rest.first == "-" {
                rest = rest.dropFirst()
                guard let end = member(&rest) else { return nil }
                high = end
            }
            pairs.append((low, high))
        }
    }

    private static func member(_ rest: inout Scalars) -> Unicode.Scalar? {
        if rest.first == "-" || rest.first == "]" { return nil }
        if rest.first == "\\" { rest = rest.dropFirst() }
        return rest.popFirst()
    }
}
