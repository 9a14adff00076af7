import ByteStrings
import DockerfileSyntax
import Foundation
import SourceDiagnostics
import TestSupport
import Testing

@Suite("The words of an instruction and their places")
struct InstructionWordsTests {
    private func source(_ text: String) -> SourceText {
        SourceText(name: "Dockerfile", bytes: Array(text.utf8))
    }

    /// The words of the instruction at a line and column, each as `text@line:column-line:column`.
    private func shown(_ text: String, line: Int = 1, column: Int = 1, escape: UInt8 = UInt8(ascii: "\\")) -> [String] {
        let start = SourceLocation(line: line, column: column)
        let words = InstructionWords(SourceRange(start, start), in: source(text), escape: escape)
        func place(_ range: SourceRange) -> String {
            "\(range.start.line):\(range.start.column)-\(range.end.line):\(range.end.column)"
        }
        return ["\(words.keyword.text)@\(place(words.keyword.range))"]
            + words.flags.map { "--\($0.name)\($0.value.map { "=\($0)" } ?? "")@\(place($0.range))" }
            + words.arguments.map { "\($0.text)@\(place($0.range))" }
    }

    @Test(
        "every instruction is split by its own rule",
        arguments: [
            (
                "FROM --platform=a b AS c",
                ["FROM@1:1-1:5", "--platform=a@1:6-1:18", "b@1:19-1:20", "AS@1:21-1:23", "c@1:24-1:25"]
            ),
            ("env a=\"b c\" d=e", ["env@1:1-1:4", "a=\"b c\"@1:5-1:12", "d=e@1:13-1:16"]),
            ("ENV a  b c", ["ENV@1:1-1:4", "a@1:5-1:6", "b c@1:8-1:11"]),
            ("LABEL a", ["LABEL@1:1-1:6", "a@1:7-1:8"]),
            ("ARG a='x y' b", ["ARG@1:1-1:4", "a='x y'@1:5-1:12", "b@1:13-1:14"]),
            (
                "COPY --link --chown=\"a b\" x /y",
                ["COPY@1:1-1:5", "--link@1:6-1:12", "--chown=a b@1:13-1:26", "x@1:27-1:28", "/y@1:29-1:31"]
            ),
            ("COPY [\"a b\", \"\\u00e9\"]", ["COPY@1:1-1:5", "a b@1:7-1:12", "é@1:14-1:22"]),
            ("RUN -- --x  y ", ["RUN@1:1-1:4", "--x  y@1:8-1:14"]),
            ("RUN [\"a\"]", ["RUN@1:1-1:4", "a@1:6-1:9"]),
            ("CMD", ["CMD@1:1-1:4"]),
            (
                "HEALTHCHECK --retries=1 CMD curl  x",
                ["HEALTHCHECK@1:1-1:12", "--retries=1@1:13-1:24", "CMD@1:25-1:28", "curl  x@1:29-1:36"]
            ),
            ("HEALTHCHECK cmd [\"a\"]", ["HEALTHCHECK@1:1-1:12", "cmd@1:13-1:16", "a@1:18-1:21"]),
            ("WORKDIR /a b", ["WORKDIR@1:1-1:8", "/a b@1:9-1:13"]),
            ("ONBUILD RUN x", ["ONBUILD@1:1-1:8", "RUN x@1:9-1:14"]),
            ("VOLUME /a /b", ["VOLUME@1:1-1:7", "/a@1:8-1:10", "/b@1:11-1:13"]),
            ("EXPOSE 1 2/udp", ["EXPOSE@1:1-1:7", "1@1:8-1:9", "2/udp@1:10-1:15"]),
            ("NOSUCH  a b", ["NOSUCH@1:1-1:7", "a b@1:9-1:12"]),
            ("", ["@1:1-1:1"]),
        ] as [(String, [String])]
    )
    func splitting(text: String, words: [String]) {
        #expect(shown(text) == words)
    }

    @Test("places are right over continuations, below other lines and with a backtick")
    func continuations() {
        let text = "FROM x\n  ENV a=1 `\n# no\n\n   b=2 `\n c=`\n3\n"
        #expect(
            shown(text, line: 2, column: 3, escape: UInt8(ascii: "`"))
                == ["ENV@2:3-2:6", "a=1@2:7-2:10", "b=2@5:4-5:7", "c=3@6:2-7:2"]
        )
    }

    @Test("the trigger of ONBUILD is found by its own range")
    func trigger() throws {
        let source = source("FROM x\nONBUILD \\\n  COPY --from=a b c\n")
        guard case .onbuild(let onbuild) = DockerfileParser().parse(source).value.stages[0].instructions[0].syntax
        else {
            Issue.record("no ONBUILD")
            return
        }
        let words = InstructionWords(onbuild.trigger.range, in: source, escape: UInt8(ascii: "\\"))
        #expect(words.keyword.range == onbuild.trigger.keyword)
        #expect(words.flag("from")?.start == SourceLocation(line: 3, column: 8))
        #expect(words.argument("c")?.start == SourceLocation(line: 3, column: 19))
    }

    @Test("arguments and flags are found by name")
    func lookup() throws {
        let pairs = InstructionWords(
            SourceRange(SourceLocation(line: 1, column: 1), SourceLocation(line: 1, column: 1)),
            in: source("ENV ab=1 a=2 a=3 b"),
            escape: UInt8(ascii: "\\")
        )
        #expect(pairs.argument("a")?.start.column == 10)
        #expect(pairs.argument("b")?.start.column == 18)
        #expect(pairs.argument("c") == nil)
        let copy = InstructionWords(
            SourceRange(SourceLocation(line: 1, column: 1), SourceLocation(line: 1, column: 1)),
            in: source("COPY --exclude=a --exclude=b a=1 a /"),
            escape: UInt8(ascii: "\\")
        )
        #expect(copy.argument("a")?.start.column == 34)
        #expect(copy.flag("exclude")?.start.column == 6)
        #expect(copy.flag("link") == nil)
    }

    @Test("places that are none in the text give no words")
    func outside() {
        for (line, column) in [(0, 0), (-4, 9), (7, 1), (1, 900), (Int.max, Int.max), (Int.min, Int.min)] {
            let words = shown("RUN x\n\n", line: line, column: column)
            #expect(words.count <= 2)
        }
    }

    @Test(
        "of every golden the name and the flags are where the parser says",
        arguments: Golden.cases("dockerfile/valid")
    )
    func goldens(name: String) throws {
        let file = Testdata.root.appendingPathComponent("dockerfile/valid/\(name)/Dockerfile")
        let source = SourceText(name: "Dockerfile", bytes: [UInt8](try Data(contentsOf: file)))
        let dockerfile = DockerfileParser().parse(source).value
        for instruction in dockerfile.stages.flatMap(\.instructions) {
            let words = InstructionWords(instruction.range, in: source, escape: dockerfile.escape)
            #expect(words.keyword.range == instruction.keyword)
            #expect(words.keyword.text.description.lowercased() == instruction.syntax.keyword.rawValue)
            for piece in words.arguments { #expect(piece.range.end <= instruction.range.end) }
        }
    }
}
