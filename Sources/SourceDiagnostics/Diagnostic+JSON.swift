extension Diagnostic {
    /// The diagnostic for programs; `file` is the name of the text its range is of, or nil.
    ///
    /// An object of `severity`, `id`, `message`, and where there are such: `file`, `start`, `end`, `notes`, `hint`,
    /// `documentation`.
    package func json(file: String? = nil) -> JSONNode {
        var members: [JSONNode.Member] = [
            .init("severity", .string(severity.rawValue)), .init("id", .string(id.rawValue)),
            .init("message", .string(message)),
        ]
        if let file { members.append(.init("file", .string(file))) }
        if let range {
            members.append(.init("start", range.start.json))
            members.append(.init("end", range.end.json))
        }
        if !notes.isEmpty { members.append(.init("notes", .array(notes.map { .string($0) }))) }
        if let hint { members.append(.init("hint", .string(hint))) }
        if let documentation { members.append(.init("documentation", .string(documentation))) }
        return .object(members)
    }
}

extension SourceLocation {
    /// An object of `line` and `column`, both counted from 1.
    package var json: JSONNode {
        .object([.init("line", .integer(Int64(line))), .init("column", .integer(Int64(column)))])
    }
}

extension SourceRange {
    /// An object of `start` and `end`.
    package var json: JSONNode {
        .object([.init("start", start.json), .init("end", end.json)])
    }
}
