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

    @Test(
        "names that are used though they are not set are told, each once, in the order of the word",
        arguments: [
            ("plain", []), ("$a$b$a", ["a", "b"]), ("${b} ${a}", ["b", "a"]), ("$A ${A} $E", []),
            ("${a:-x}${b-x}${c:+x}${d+x}${e:?x}${f?x}", []), ("${a#x}${b%%x}${c/x/y}${d//x/y}", ["a", "b", "c", "d"]),
            ("${A:-$a} ${b-$c} ${A+${d:-$e}}", ["a", "c", "e"]), ("${A#$a}${A/$b/$c}", ["a", "b", "c"]),
            ("'$a' \\$b \"$c\" \"\\$d\" \"'$e'\"", ["c", "e"]), ("$a${", []), ("$a'", []), ("$a${b:x}", []),
            ("${e:?$m}", ["m"]), ("$1$@", ["1", "@"]), ("$", []),
        ] as [(String, [ByteString])]
    )
    func unsetNames(word: String, names: [ByteString]) {
        let found = WordExpander().unsetNames(in: ByteString(word)) { Self.variables[$0] != nil }
        #expect(found == names)
        let backtick = WordExpander(escape: UInt8(ascii: "`"))
        #expect(backtick.unsetNames(in: "`$a \\$b") { _ in false } == ["b"])
    }

    @Test("many thousands of names are told in time, and endless nesting is no word")
    func manyUnsetNames() {
        let many = ByteString((0..<50_000).map { "$v\($0) " }.joined())
        #expect(WordExpander().unsetNames(in: many) { _ in false }.count == 50_000)
        let deep = ByteString(String(repeating: "${a:-", count: 100_000))
        #expect(WordExpander().unsetNames(in: deep) { _ in false } == [])
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

    @Test("many substitutions, each of them bearable, are refused together")
    func manyPatterns() {
        let value = ByteString(Array(repeating: 0x61, count: 3_000))
        let word = ByteString(String(repeating: "${x//*b/}", count: 2_000))
        #expect(throws: ExpansionError.tooLong) { try WordExpander().expand(word) { _ in value } }
        let nested = ByteString(String(repeating: "${y:-${x//?/$x}", count: 30) + String(repeating: "}", count: 30))
        #expect(throws: ExpansionError.tooLong) { try WordExpander().expandToWords(nested) { $0 == "x" ? value : nil } }
    }

    @Test("a replacement costs what it puts in, however long it is")
    func longReplacements() throws {
        let value = ByteString(Array(repeating: 0x61, count: 60_000))
        func replace(_ text: String) throws -> ByteString {
            let text = ByteString(text)
            return try WordExpander().expand("${x//?/$text}") { $0 == "x" ? value : text }
        }
        #expect(try replace(String(repeating: "$none${none}", count: 20_000)) == "")
        #expect(try replace("$none$0$$") == ByteString(String(repeating: "a$", count: 60_000)))
        #expect(throws: ExpansionError.tooLong) { try replace(String(repeating: "$0", count: 20_000)) }
    }

    @Test("a variable makes no endless list of words")
    func manyWords() throws {
        let value = { (count: Int) in ByteString(String(repeating: "a ", count: count)) }
        #expect(try WordExpander().expandToWords("$x") { _ in value(60_000) }.count == 60_000)
        #expect(throws: ExpansionError.tooLong) { try WordExpander().expandToWords("$x$x") { _ in value(60_000) } }
        #expect(try WordExpander().expandToWords(value(100_000)) { _ in nil }.count == 100_000)
    }

    @Test("a word of megabytes is expanded, and a document takes more than a word")
    func longWords() throws {
        let literal = ByteString("\"" + String(repeating: "x", count: 3_000_000) + "\"${a:-'y'}")
        #expect(try WordExpander().expand(literal) { _ in nil }.count == 3_000_001)
        let value = ByteString(Array(repeating: 0x61, count: 1 << 20))
        #expect(throws: ExpansionError.tooLong) { try WordExpander().expand("$x$x") { _ in value } }
        #expect(try WordExpander().expandHeredoc("$x$x") { _ in value }.count == 2 << 20)
    }

    @Test("a pattern that would take hours is refused")
    func slowPattern() {
        let value = ByteString(Array(repeating: 0x61, count: 200_000))
        #expect(throws: ExpansionError.tooLong) {
            try WordExpander().expand("${x//*a*a*b/}") { _ in value }
        }
    }
}
