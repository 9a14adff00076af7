import BuildPlanning
import ByteStrings
import SourceDiagnostics

/// The answer to `--call=targets`.
struct TargetListText {
    let list: TargetList
    let source: SourceText

    /// A table: a line for each stage.
    var table: String {
        var table = Table(headings: ["TARGET", "BASE", "DESCRIPTION"])
        for (index, target) in list.targets.enumerated() {
            let name = (target.name?.description ?? "\(index)") + (target.isDefault ? " (default)" : "")
            let platform = target.platform.map { " (\($0))" } ?? ""
            table.add([name, target.base.description + platform, target.description ?? ""])
        }
        return table.text
    }

    /// Source: BuildKit, frontend/subrequests/targets: the fields of `List` and `Target`.
    var json: String {
        let document: JSONNode = [
            "targets": .array(list.targets.map(Self.node)), "sources": .array([.string(source.base64)]),
        ]
        return document.text + "\n"
    }

    private static func node(_ target: TargetList.Target) -> JSONNode {
        var members: [JSONNode.Member] = []
        if let name = target.name { members.append(.init("name", .string(name.description))) }
        if target.isDefault { members.append(.init("default", .boolean(true))) }
        if let description = target.description { members.append(.init("description", .string(description))) }
        members.append(.init("base", .string(target.base.description)))
        if let platform = target.platform { members.append(.init("platform", .string(platform))) }
        if let range = target.range { members.append(.init("location", range.buildKitLocation)) }
        return .object(members)
    }
}
