import ByteStrings
import DockerfileSyntax
import Foundation
import SourceDiagnostics
import TestSupport
import Testing

@Suite("Syntax written out for programs")
struct SyntaxTreeTests {
    private func json(_ bytes: [UInt8]) -> String {
        let source = SourceText(name: "Dockerfile", bytes: bytes)
        return SyntaxTree(DockerfileParser().parse(source), of: source).json
    }

    @Test("an instruction has its places, its words and its fields")
    func instruction() {
        let text = json(Array("# escape=`\nFROM a AS b\n# note\nCOPY --from=\"c\" x [\n".utf8))
        let range = { (line: Int, start: Int, end: Int) in
            #""range":{"start":{"line":\#(line),"column":\#(start)},"end":{"line":\#(line),"column":\#(end)}}"#
        }
        var expected = #"{"file":"Dockerfile","directives":[{"name":"escape","value":"`","#
        expected += range(1, 1, 11) + #"}],"escape":"`","globalArguments":[],"stages":[{"from":"a","name":"b","#
        expected += #""range":{"start":{"line":2,"column":1},"end":{"line":4,"column":20}},"#
        expected += #""head":{"instruction":"FROM",\#(range(2, 1, 12)),"keyword":{"text":"FROM",\#(range(2, 1, 5))},"#
        expected += #""comments":[],"flags":[],"arguments":[{"text":"a",\#(range(2, 6, 7))},"#
        expected += #"{"text":"AS",\#(range(2, 8, 10))},{"text":"b",\#(range(2, 11, 12))}]},"#
        expected +=
            #""instructions":[{"instruction":"COPY",\#(range(4, 1, 20)),"keyword":{"text":"COPY",\#(range(4, 1, 5))},"#
        expected +=
            #""comments":[{"text":"note",\#(range(3, 1, 7))}],"flags":[{"name":"from","value":"c",\#(range(4, 6, 16))}],"#
        expected += #""arguments":[{"text":"x",\#(range(4, 17, 18))},{"text":"[",\#(range(4, 19, 20))}],"#
        expected +=
            #""sources":[{"path":"x"}],"destination":"[","from":"c","link":false,"parents":false,"excludes":[]}]}],"#
        expected += #""diagnostics":[]}"# + "\n"
        #expect(text == expected)
    }

    @Test("bytes that are no UTF-8 are not lost")
    func bytes() {
        let text = json(Array("FROM a\nUSER ".utf8) + [0xFF, 0x41])
        #expect(text.contains(#""arguments":[{"text":"\#u{FFFD}A","bytes":"ff41","range""#))
        #expect(text.contains(#""user":{"text":"\#u{FFFD}A","bytes":"ff41"}"#))
    }

    @Test("every golden is valid JSON with one entry for each instruction", arguments: Golden.cases("dockerfile/valid"))
    func goldens(name: String) throws {
        let file = Testdata.root.appendingPathComponent("dockerfile/valid/\(name)/Dockerfile")
        let source = SourceText(name: "Dockerfile", bytes: [UInt8](try Data(contentsOf: file)))
        let parsed = DockerfileParser().parse(source)
        let text = SyntaxTree(parsed, of: source).json
        let document = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        let stages = try #require(document["stages"] as? [[String: Any]])
        let counts = stages.map { ($0["instructions"] as? [[String: Any]])?.count }
        #expect(counts == parsed.value.stages.map(\.instructions.count))
        for instruction in stages.flatMap({ $0["instructions"] as? [[String: Any]] ?? [] }) {
            let keyword = instruction["keyword"] as? [String: Any]
            #expect((keyword?["text"] as? String)?.uppercased() == instruction["instruction"] as? String)
        }
    }

    @Test("mistakes are part of the document", arguments: Golden.cases("dockerfile/invalid"))
    func flawed(name: String) throws {
        let file = Testdata.root.appendingPathComponent("dockerfile/invalid/\(name)/Dockerfile")
        let source = SourceText(name: "Dockerfile", bytes: [UInt8](try Data(contentsOf: file)))
        let parsed = DockerfileParser().parse(source)
        let text = SyntaxTree(parsed, of: source).json
        let document = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        let diagnostics = try #require(document["diagnostics"] as? [[String: Any]])
        #expect(diagnostics.map { $0["id"] as? String } == parsed.diagnostics.map(\.id.rawValue))
    }
}
