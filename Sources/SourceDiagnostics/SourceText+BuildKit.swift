extension SourceText {
    /// The bytes in base64, as BuildKit's documents carry sources.
    package var base64: String {
        Base64.encode(bytes)
    }
}

extension SourceRange {
    /// The place as BuildKit's documents have it: lines counted from 1, bytes of a line from 0, zeros left out.
    ///
    /// Source: BuildKit, solver/pb/ops.proto, messages Location, Range and Position.
    package var buildKitLocation: JSONNode {
        ["ranges": .array([["start": start.buildKitPosition, "end": end.buildKitPosition]])]
    }
}

extension SourceLocation {
    fileprivate var buildKitPosition: JSONNode {
        var members = [JSONNode.Member("line", .integer(Int64(line)))]
        if column > 1 { members.append(.init("character", .integer(Int64(column - 1)))) }
        return .object(members)
    }
}
