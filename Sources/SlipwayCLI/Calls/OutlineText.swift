import BuildPlanning
import ByteStrings
import SourceDiagnostics

/// The answer to `--call=outline`.
struct OutlineText {
    let outline: BuildOutline
    let source: SourceText

    /// Tables, one for each kind of thing the target takes; kinds of which there is none are left out.
    var tables: String {
        var text = "TARGET: \(OutputLines.shown(outline.name?.description ?? "default"))\n"
        if let description = outline.description { text += "DESCRIPTION: \(OutputLines.shown(description))\n" }
        var tables: [Table] = []
        if !outline.arguments.isEmpty {
            var table = Table(headings: ["BUILD ARG", "VALUE", "DESCRIPTION"])
            for argument in outline.arguments {
                let value = argument.value?.description ?? ""
                table.add([argument.name.description, value, argument.description ?? ""])
            }
            tables.append(table)
        }
        for (heading, credentials) in [("SECRET", outline.secrets), ("SSH", outline.agents)] where !credentials.isEmpty
        {
            var table = Table(headings: [heading, "REQUIRED"])
            for credential in credentials {
                table.add([credential.id.description, credential.isRequired ? "true" : ""])
            }
            tables.append(table)
        }
        if !outline.caches.isEmpty {
            var table = Table(headings: ["CACHE"])
            for cache in outline.caches { table.add([cache.id.description]) }
            tables.append(table)
        }
        for table in tables { text += "\n" + table.text }
        return text
    }

    /// Source: BuildKit, frontend/subrequests/outline: the fields of `Outline` and what it holds.
    var json: String {
        var members: [JSONNode.Member] = []
        if let name = outline.name { members.append(.init("name", .string(name.description))) }
        if let description = outline.description { members.append(.init("description", .string(description))) }
        let lists = [
            ("args", outline.arguments.map(Self.node)), ("secrets", outline.secrets.map(Self.node)),
            ("ssh", outline.agents.map(Self.node)), ("cache", outline.caches.map(Self.node)),
        ]
        for (name, nodes) in lists where !nodes.isEmpty { members.append(.init(name, .array(nodes))) }
        members.append(.init("sources", .array([.string(source.base64)])))
        return JSONNode.object(members).text + "\n"
    }

    private static func node(_ argument: BuildOutline.Argument) -> JSONNode {
        var members: [JSONNode.Member] = [.init("name", .string(argument.name.description))]
        if let description = argument.description { members.append(.init("description", .string(description))) }
        if let value = argument.value { members.append(.init("value", .string(value.description))) }
        return .object(members + location(argument.range))
    }

    private static func node(_ credential: BuildOutline.Credential) -> JSONNode {
        var members: [JSONNode.Member] = [.init("name", .string(credential.id.description))]
        if credential.isRequired { members.append(.init("required", .boolean(true))) }
        return .object(members + location(credential.range))
    }

    private static func node(_ cache: BuildOutline.Cache) -> JSONNode {
        .object([.init("ID", .string(cache.id.description))] + location(cache.range))
    }

    private static func location(_ range: SourceRange?) -> [JSONNode.Member] {
        range.map { [.init("location", $0.buildKitLocation)] } ?? []
    }
}
