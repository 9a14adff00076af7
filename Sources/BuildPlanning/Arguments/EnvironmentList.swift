import ByteStrings

/// Variables in the order they were first set; setting one again keeps its place.
struct EnvironmentList: Hashable, Sendable {
    private(set) var variables: [EnvironmentVariable] = []
    private var positions: [ByteString: Int] = [:]

    /// The value of a variable, or nil when it is not set.
    subscript(name: ByteString) -> ByteString? {
        positions[name].map { variables[$0].value }
    }

    var names: [ByteString] {
        variables.map(\.name)
    }

    mutating func set(_ name: ByteString, to value: ByteString) {
        if let position = positions[name] {
            variables[position].value = value
        } else {
            positions[name] = variables.count
            variables.append(EnvironmentVariable(name: name, value: value))
        }
    }

    mutating func remove(_ name: ByteString) {
        guard positions[name] != nil else { return }
        variables.removeAll { $0.name == name }
        positions = [:]
        for (position, variable) in variables.enumerated() { positions[variable.name] = position }
    }
}
