/// The `key=value,key=value` lists that several options take, with the quoting rules of CSV.
enum FieldList {
    /// Splits a list; a field without `=` has the value nil.
    ///
    /// Source: RFC 4180, section 2: a field may stand in double quotes, a quote inside is doubled.
    static func parse(_ text: String) -> [(key: String, value: String?)] {
        var fields: [String] = [""]
        var isQuoted = false
        var previousClosed = false
        for character in text {
            if character == "\"" {
                if !isQuoted, previousClosed { fields[fields.count - 1].append("\"") }
                previousClosed = isQuoted
                isQuoted.toggle()
                continue
            }
            previousClosed = false
            if character == ",", !isQuoted { fields.append("") } else { fields[fields.count - 1].append(character) }
        }
        return fields.map { field in
            guard let equals = field.firstIndex(of: "=") else { return (field, nil) }
            return (String(field[..<equals]), String(field[field.index(after: equals)...]))
        }
    }
}
