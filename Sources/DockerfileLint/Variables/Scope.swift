import ByteStrings
import DockerfileSyntax

/// The variables at one point of a stage.
///
/// Stages that start from one another share it: what a stage has changed is taken back when the walk leaves it, so that
/// a long chain of stages costs no copies.
struct Scope {
    /// Longer values are known to be set, and no more: nothing a rule looks at is as long.
    static let longestValue = 1_024

    private enum Entry {
        case value(ByteString)
        /// Set to what is not known.
        case hidden
        /// Declared by ARG, with nobody giving a value.
        case unset
    }

    private var entries: [ByteString: Entry] = [:]
    private var log: [(name: ByteString, entry: Entry?)] = []
    private let words: WordExpander
    /// Whether what the base image sets is among the variables.
    var knowsBase = true

    init(escape: UInt8) {
        words = WordExpander(escape: escape)
    }

    // MARK: Looking

    /// Whether a name is set, declared, or possibly set by a base nobody knows.
    func isDeclared(_ name: ByteString) -> Bool {
        entries[name] != nil || !knowsBase
    }

    /// The names a writer may have meant.
    var names: some Collection<ByteString> { entries.keys }

    /// The word with its variables replaced; nil when it hangs on what is not known or cannot be expanded.
    func expand(_ word: ByteString) -> ByteString? {
        var isKnown = true
        let text = try? words.expand(word) { value(of: $0, &isKnown) }
        return isKnown ? text : nil
    }

    /// The words that one word becomes where blanks of values separate; nil as with `expand`.
    func expandToWords(_ word: ByteString) -> [ByteString]? {
        var isKnown = true
        let text = try? words.expandToWords(word) { value(of: $0, &isKnown) }
        return isKnown ? text : nil
    }

    private func value(of name: ByteString, _ isKnown: inout Bool) -> ByteString? {
        switch entries[name] {
        case .value(let value): return value
        case .hidden:
            isKnown = false
            return nil
        case .unset: return nil
        case nil:
            if !knowsBase { isKnown = false }
            return nil
        }
    }

    // MARK: Changing

    /// Sets a name; a nil value is one that is not known.
    mutating func set(_ name: ByteString, to value: ByteString?) {
        guard let value, value.count <= Self.longestValue else {
            change(name, .hidden)
            return
        }
        change(name, .value(value))
    }

    /// Declares a name that has no value; one that it already has stays.
    mutating func declare(_ name: ByteString) {
        guard entries[name] == nil else { return }
        change(name, .unset)
    }

    private mutating func change(_ name: ByteString, _ entry: Entry) {
        log.append((name, entries.updateValue(entry, forKey: name)))
    }

    /// A point to come back to.
    var mark: Int { log.count }

    /// Takes back every change since `mark`.
    mutating func restore(to mark: Int) {
        while log.count > mark, let change = log.popLast() { entries[change.name] = change.entry }
    }
}
