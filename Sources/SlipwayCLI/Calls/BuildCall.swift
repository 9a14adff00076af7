import ArgumentParser

/// What `slipway build` is to do with a Dockerfile: `--call`.
///
/// Source: `docker buildx build --call`, whose values these are.
struct BuildCall: Hashable {
    enum Kind: String, CaseIterable {
        case build
        case check
        case outline
        case targets
    }

    enum Format: String, CaseIterable {
        case text
        case json
    }

    var kind = Kind.build
    var format = Format.text

    /// Reads `KIND[,format=FORMAT]`; `checks` is the shorter `--check`.
    ///
    /// - Throws: `ValidationError` naming what may stand there.
    static func parse(_ text: String?, checks: Bool) throws -> BuildCall {
        var call = BuildCall()
        if checks { call.kind = .check }
        guard let text else { return call }
        for (index, field) in FieldList.parse(text).enumerated() {
            switch (field.key, field.value) {
            case (let name, nil) where index == 0:
                guard let kind = Kind(rawValue: name) else { throw unknown(text, Kind.allCases.map(\.rawValue)) }
                guard !checks || kind == .check else {
                    throw ValidationError("--check and --call=\(text) cannot go together")
                }
                call.kind = kind
            case ("format", let value?):
                guard let format = Format(rawValue: value) else { throw unknown(text, Format.allCases.map(\.rawValue)) }
                call.format = format
            default: throw unknown(text, ["build|check|outline|targets[,format=text|json]"])
            }
        }
        return call
    }

    private static func unknown(_ text: String, _ known: [String]) -> ValidationError {
        ValidationError("--call \(text): slipway knows \(known.joined(separator: ", "))")
    }
}
