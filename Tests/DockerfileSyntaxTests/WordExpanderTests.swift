import ByteStrings
import DockerfileSyntax
import Foundation
import TestSupport
import Testing

/// One line of the table: a word, what it becomes, and how it was expanded.
struct ExpansionCase: Sendable, CustomTestStringConvertible {
    let mode: String
    let word: String
    let expected: String

    var testDescription: String { "\(mode) \(word)" }

    /// `mode<tab>word<tab>expected`; `<nl>` stands for a line feed; lines that start with `#` are comments.
    static let table: [ExpansionCase] = {
        let file = Testdata.root.appendingPathComponent("expansion/words.txt")
        guard let text = try? String(decoding: Data(contentsOf: file), as: UTF8.self) else { return [] }
        return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            return ExpansionCase(
                mode: fields[0],
                word: fields.count > 1 ? fields[1] : "",
                expected: fields.count > 2 ? fields[2] : ""
            )
        }
    }()
}

@Suite("Expansion of words")
struct WordExpanderTests {
    private static let variables: [ByteString: ByteString] = [
        "A": "val", "E": "", "S": "two words", "str": "foobarbaz", "p": "/a/b/c.tar.gz", "nl": "one\ntwo",
        "u": "aéb", "star": "a*b", "dollar": "$1x", "É": "acute", "PORTS": "80 443/tcp",
    ]

    @Test("the table has its cases")
    func tableExists() {
        #expect(ExpansionCase.table.count > 100)
    }

    @Test("words become what the table says", arguments: ExpansionCase.table)
    func expansion(of row: ExpansionCase) {
        let expander = WordExpander(escape: row.mode == "backtick" ? UInt8(ascii: "`") : UInt8(ascii: "\\"))
        let word = ByteString(row.word.replacingOccurrences(of: "<nl>", with: "\n"))
        let lookup = { (name: ByteString) in Self.variables[name] }
        var result: String
        do {
            switch row.mode {
            case "words":
                result = try expander.expandToWords(word, lookup: lookup).map { "[\($0)]" }.joined()
            case "heredoc": result = try expander.expandHeredoc(word, lookup: lookup).description
            default: result = try expander.expand(word, lookup: lookup).description
            }
        } catch {
            result = "error: \(error)"
        }
        result = result.replacingOccurrences(of: "\n", with: "<nl>")
        #expect(result == row.expected)
    }

    @Test("bytes that are no UTF-8 stay as they are")
    func invalidUTF8() throws {
        let value = ByteString([0xFF, 0x61, 0xC3])
        let word = ByteString([0xFE] + Array("$x${x#?}${x%?}".utf8) + [0x80])
        let result = try WordExpander().expand(word) { $0 == "x" ? value : nil }
        #expect(result.bytes == [0xFE, 0xFF, 0x61, 0xC3, 0x61, 0xC3, 0xFF, 0x61, 0x80])
    }

    @Test("names that are unknown are told, unless a modifier provides for them")
    func unmatched() {
        let names = WordExpander().unmatched(in: "$a ${b} ${c:-x} ${d+y} ${e#z} '$f' \\$g $A") { Self.variables[$0] }
        #expect(names == ["a", "b", "e"])
    }

    @Test("doubling a value for ever is refused")
    func doubling() {
        var value = ByteString(Array(repeating: 0x61, count: 1 << 20))
        let failure = #expect(throws: ExpansionError.self) {
            for _ in 0..<10 {
                let before = value
                value = try WordExpander().expand("$x$x") { _ in before }
            }
        }
        #expect(failure == .tooLong)
    }

    @Test("a pattern that would take hours is refused")
    func slowPattern() {
        let value = ByteString(Array(repeating: 0x61, count: 200_000))
        #expect(throws: ExpansionError.tooLong) {
            try WordExpander().expand("${x//*a*a*b/}") { _ in value }
        }
    }
}
