import ByteStrings
import Yams

/// One value of a specification, JSON or YAML, and how it is called in messages.
struct SpecificationNode {
    /// Counts the values that are looked at, since a short text can name the same ones over and over.
    private final class Budget {
        var left = SpecificationNode.mostValues
    }

    /// Larger files are not read.
    static let mostBytes = 1 << 20

    private static let mostValues = 1 << 16

    private let node: Node
    private let name: String
    private let budget: Budget

    private init(_ node: Node, _ name: String, _ budget: Budget) {
        self.node = node
        self.name = name
        self.budget = budget
    }

    /// Reads a text, which JSON is as well.
    init(_ bytes: [UInt8]) throws(DeviceSpecificationError) {
        guard bytes.count <= Self.mostBytes else {
            throw DeviceSpecificationError(reason: "it has more than \(Self.mostBytes) bytes")
        }
        guard let text = ByteString(bytes).validatedString else {
            throw DeviceSpecificationError(reason: "it is not UTF-8")
        }
        do {
            guard let node = try compose(yaml: text, .basic, .default, .utf8) else {
                throw DeviceSpecificationError(reason: "it is empty")
            }
            self.init(node, "it", Budget())
        } catch let error as YamlError {
            throw Self.error(error)
        } catch let error as DeviceSpecificationError {
            throw error
        } catch {
            throw DeviceSpecificationError(reason: "\(error)")
        }
    }

    private static func error(_ error: YamlError) -> DeviceSpecificationError {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            DeviceSpecificationError(reason: problem, line: mark.line)
        case .reader(let problem, _, _, _): DeviceSpecificationError(reason: problem)
        case .duplicatedKeysInMapping(let names, let context):
            DeviceSpecificationError(
                reason: "`\(names.first ?? "")` is there twice",
                line: context.mark.line
            )
        default: DeviceSpecificationError(reason: "it is neither JSON nor YAML")
        }
    }

    /// An error about this value.
    func error(_ reason: String) -> DeviceSpecificationError {
        DeviceSpecificationError(reason: "\(name) \(reason)", line: node.mark?.line)
    }

    // MARK: - What it holds

    /// The members of an object by their names; anything but these names is an error.
    func members(_ known: Set<String>) throws(DeviceSpecificationError) -> [String: SpecificationNode] {
        var found: [String: SpecificationNode] = [:]
        for (name, value) in try members() {
            guard known.contains(name) else { throw value.error("is unknown") }
            found[name] = value
        }
        return found
    }

    /// The members of an object in their order; those that are null are left out.
    func members() throws(DeviceSpecificationError) -> [(name: String, value: SpecificationNode)] {
        guard case .mapping(let mapping) = node else { throw error("is no object") }
        var found: [(name: String, value: SpecificationNode)] = []
        for (key, value) in mapping {
            try spend()
            guard case .scalar(let scalar) = key else { throw error("has a name that is no text") }
            let member = SpecificationNode(value, "`\(scalar.string)`", budget)
            if !member.isNull { found.append((scalar.string, member)) }
        }
        return found
    }

    /// The elements of a list.
    func elements() throws(DeviceSpecificationError) -> [SpecificationNode] {
        guard case .sequence(let sequence) = node else { throw error("is no list") }
        var found: [SpecificationNode] = []
        for element in sequence {
            try spend()
            found.append(SpecificationNode(element, "an element of \(name)", budget))
        }
        return found
    }

    /// A text without a NUL.
    func text() throws(DeviceSpecificationError) -> ByteString {
        guard case .scalar(let scalar) = node, !isNull else { throw error("is no text") }
        let text = ByteString(scalar.string)
        guard !text.bytes.contains(0) else { throw error("has a NUL byte") }
        return text
    }

    /// An absolute path.
    func path() throws(DeviceSpecificationError) -> ByteString {
        let path = try text()
        guard path.isAbsolutePath else { throw error("is `\(path)`, which is no absolute path") }
        return path
    }

    /// A whole number up to a largest one, in the notations of YAML 1.1.
    func number<Number: FixedWidthInteger>(
        upTo most: Number
    ) throws(DeviceSpecificationError) -> Number {
        let text = try text()
        var digits = text.description[...]
        var radix = 10
        for (prefix, base) in [("0x", 16), ("0o", 8), ("0", 8)] where digits.count > prefix.count {
            guard radix == 10, digits.hasPrefix(prefix) else { continue }
            digits = digits.dropFirst(prefix.count)
            radix = base
        }
        guard digits.first?.isHexDigit == true, let number = Number(digits, radix: radix), number <= most else {
            throw error("is `\(text)`, which is no number from 0 to \(most)")
        }
        return number
    }

    private var isNull: Bool {
        guard case .scalar(let scalar) = node, scalar.style == .plain else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(scalar.string)
    }

    private func spend() throws(DeviceSpecificationError) {
        budget.left -= 1
        guard budget.left > 0 else {
            throw DeviceSpecificationError(reason: "it has more than \(Self.mostValues) values")
        }
    }
}
