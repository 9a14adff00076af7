import ByteStrings
import DockerfileSyntax
import Foundation
import SourceDiagnostics
import Testing

@Suite("Texts without measure")
struct LimitTests {
    private func parse(_ bytes: [UInt8]) -> Parsed<Dockerfile> {
        DockerfileParser().parse(SourceText(name: "Dockerfile", bytes: bytes))
    }

    private func parse(_ text: String) -> Parsed<Dockerfile> {
        parse(Array(text.utf8))
    }

    @Test("a million blank lines, or lines of comment, are passed over")
    func manyEmptyLines() {
        let blank = parse(String(repeating: "\n", count: 1_000_000) + "FROM x")
        #expect(blank.value.stages[0].from.range.start.line == 1_000_001)
        let continued = parse("FROM \\\n" + String(repeating: "\n", count: 100_000) + "x")
        #expect(continued.value.stages[0].from.syntax.image == "x")
        #expect(continued.diagnostics.count == 1)
        let comments = parse(String(repeating: "#\n", count: 50_000) + "FROM x")
        #expect(comments.value.stages[0].from.comments.count == 50_000)
    }

    @Test("zero bytes and every other byte are text like any other")
    func everyByte() {
        for byte in UInt8.min...UInt8.max {
            _ = parse([byte])
            _ = parse(Array("FROM ".utf8) + [byte, byte])
            let run = parse(Array("FROM x\nRUN a".utf8) + [byte] + Array("b".utf8))
            #expect(run.hasErrors == (byte == 0x0A))
        }
        #expect(parse([UInt8](repeating: 0, count: 100_000)).hasErrors)
    }

    @Test("endless words, each of them wrong, are named two hundred times at most")
    func manyWrongWords() {
        let pairs = parse("FROM x\nENV a=1" + String(repeating: " b", count: 50_000))
        #expect(pairs.diagnostics.count == 200)
        let flags = parse("FROM x\nRUN" + String(repeating: " --b", count: 50_000))
        #expect(flags.diagnostics.count == 200)
        let checks = parse("# check=" + String(repeating: "b;", count: 50_000) + "\nFROM x\n")
        #expect(checks.diagnostics.count == 20)
        let directives = parse(String(repeating: "# check=skip=A\n", count: 50_000) + "FROM x\n")
        #expect(directives.diagnostics.count == 200)
    }

    @Test("a wrong word of megabytes is not repeated whole")
    func longWrongWord() {
        let word = String(repeating: "é", count: 200_000)
        for text in [
            "FROM x\n\(word)\n", "FROM x\nRUN --\(word)\n", "# escape=\(word)\nFROM x\n", "# syntax=\(word)\n",
        ] {
            let parsed = parse(text)
            #expect(parsed.diagnostics.count == 1)
            #expect(parsed.diagnostics.allSatisfy { $0.message.utf8.count < 5_000 })
        }
    }

    @Test("thousands of documents of one instruction are told apart in time")
    func manyHeredocs() {
        let names = (0..<5_000).map { "<<E\($0)" }.joined(separator: " ")
        let bodies = (0..<5_000).map { "E\($0)\n" }.joined()
        let parsed = parse("FROM x\nCOPY \(names) /d/\n\(bodies)")
        #expect(parsed.diagnostics.isEmpty)
        #expect(!DockerfilePrinter().text(of: parsed.value).isEmpty)
    }

    @Test("a long word does not make the words behind it cost as much", .timeLimit(.minutes(1)))
    func longWordBeforeMany() throws {
        let long = String(repeating: "x", count: 200_000)
        let text = "FROM x\nRUN <<E cat \(long)" + String(repeating: " y", count: 50_000) + "\nE\n"
        let before = try Self.residentPages()
        #expect(!parse(text).hasErrors)
        let words = try WordExpander().expandToWords(ByteString(text)) { _ in nil }
        #expect(words.count > 50_000)
        // 400 MB at most in all; a buffer as long as the long word for each of the others would be 10 GB.
        #expect(try Self.residentPages() - before < 100_000)
    }

    private static func residentPages() throws -> Int {
        let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
        return Int(text.split(separator: " ")[1]) ?? 0
    }

    @Test("brackets and braces without end overflow nothing")
    func nesting() {
        for open in ["[", "[[\"a\",", "{\"a\":", "[{\"b\":["] {
            let text = String(repeating: open, count: 20_000)
            #expect(!parse("FROM x\nRUN \(text)\n").hasErrors)
            #expect(parse(text).hasErrors)
        }
        let words = String(repeating: "${a:-", count: 100_000) + String(repeating: "}", count: 100_000)
        for mode in [WordExpander().expand, WordExpander().expandHeredoc] {
            #expect(throws: ExpansionError.tooDeep) { try mode(ByteString(words)) { _ in nil } }
        }
        #expect(throws: ExpansionError.tooDeep) { try WordExpander().expandToWords(ByteString(words)) { _ in nil } }
        #expect(!parse("FROM x\nCOPY <<E \(words)\nE\n").diagnostics.contains { $0.id == "InvalidHeredoc" })
    }

    @Test("diagnostics stand in the order of the text, whoever found them")
    func order() {
        let parsed = parse("# escape=x\n# check=y\nRUN --nosuch x\\\n\ny\nCOPY --z <<E\n")
        let starts = parsed.diagnostics.compactMap(\.range?.start)
        #expect(starts == starts.sorted())
        #expect(starts.count == parsed.diagnostics.count)
        #expect(Set(starts.map(\.line)) == [1, 2, 3, 4, 6])
    }
}
