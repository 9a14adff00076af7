import Foundation
import SourceDiagnostics
import Testing

@Suite("JSON on its way to text")
struct JSONNodeTests {
    @Test(
        "values are written without blanks",
        arguments: [
            (.null, "null"), (.boolean(true), "true"), (.boolean(false), "false"), (.integer(-5), "-5"),
            (.integer(.max), "9223372036854775807"), (.string(""), "\"\""), (.array([]), "[]"), (.object([]), "{}"),
            (.array([.integer(1), .null]), "[1,null]"),
            (.object([.init("b", .integer(1)), .init("a", .array([.string("x")]))]), "{\"b\":1,\"a\":[\"x\"]}"),
        ] as [(JSONNode, String)]
    )
    func values(node: JSONNode, text: String) {
        #expect(node.text == text)
    }

    @Test("of every character a string survives, and none can be obeyed by a terminal")
    func strings() throws {
        var text = "\"\\/é🚢"
        for value in UInt32(0)...0x9F { text.unicodeScalars.append(UnicodeScalar(value) ?? " ") }
        for value in [0x200E, 0x2028, 0x202E, 0x2066, 0x2069] as [UInt32] {
            text.unicodeScalars.append(UnicodeScalar(value) ?? " ")
        }
        let written = JSONNode.string(text).text
        #expect(
            written.unicodeScalars.allSatisfy {
                $0.properties.generalCategory != .control && $0.properties.generalCategory != .format
            }
        )
        let read = try JSONSerialization.jsonObject(with: Data(written.utf8), options: .fragmentsAllowed) as? String
        #expect(read.map { Array($0.unicodeScalars) } == Array(text.unicodeScalars))
    }

    @Test("a diagnostic leaves out what it has not")
    func diagnostic() {
        let bare = Diagnostic(severity: .note, id: "X", message: "m")
        #expect(bare.json().text == #"{"severity":"note","id":"X","message":"m"}"#)
        #expect(bare.json(file: "f").text == #"{"severity":"note","id":"X","message":"m","file":"f"}"#)
        var full = bare
        full.notes = ["n"]
        full.hint = "h"
        full.documentation = "d"
        full.range = SourceRange(SourceLocation(line: 1, column: 2), SourceLocation(line: 3, column: 4))
        #expect(
            full.json().text == #"{"severity":"note","id":"X","message":"m","start":{"line":1,"column":2},"#
                + #""end":{"line":3,"column":4},"notes":["n"],"hint":"h","documentation":"d"}"#
        )
        #expect(full.range?.json.text == #"{"start":{"line":1,"column":2},"end":{"line":3,"column":4}}"#)
    }
}
