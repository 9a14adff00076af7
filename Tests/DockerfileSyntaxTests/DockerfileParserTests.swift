import ByteStrings
import DockerfileSyntax
import SourceDiagnostics
import Testing

@Suite("Parsing at scale and from triggers")
struct DockerfileParserTests {
    private func parse(_ text: String) -> Parsed<Dockerfile> {
        DockerfileParser().parse(SourceText(name: "Dockerfile", bytes: Array(text.utf8)))
    }

    @Test("twenty thousand instructions are all there")
    func manyInstructions() {
        let lines = (0..<20_000).map { "RUN apt-get install \\\n  package\($0)" }
        let parsed = parse("FROM scratch\n" + lines.joined(separator: "\n"))
        #expect(parsed.diagnostics.isEmpty)
        #expect(parsed.value.stages[0].instructions.count == 20_000)
        #expect(parsed.value.stages[0].instructions[19_999].range.start == SourceLocation(line: 40_000, column: 1))
    }

    @Test("a line has no greatest length")
    func longLine() {
        let word = String(repeating: "x", count: 5_000_000)
        let parsed = parse("FROM scratch\nENV A=\(word) B=\"\(word)\"\n")
        guard case .env(let env) = parsed.value.stages[0].instructions[0].syntax else {
            Issue.record("no ENV")
            return
        }
        #expect(env.pairs.map(\.value.count) == [5_000_000, 5_000_002])
    }

    @Test("hundreds of thousands of continued lines are joined in time")
    func manyContinuations() {
        let parsed = parse("FROM scratch\nRUN a" + String(repeating: " \\\n b", count: 300_000))
        guard case .run(let run) = parsed.value.stages[0].instructions[0].syntax, case .shell(let text) = run.command
        else {
            Issue.record("no RUN")
            return
        }
        #expect(text.count == 1 + 300_000 * 3)
    }

    @Test("a file of nothing but mistakes is given up after two hundred")
    func manyMistakes() {
        let parsed = parse("FROM scratch\n" + String(repeating: "NOSUCH x\n", count: 100_000))
        #expect(parsed.diagnostics.count == 200)
    }

    @Test("warnings never push out an error")
    func manyWarnings() {
        let parsed = parse("FROM scratch\n" + String(repeating: "RUN a \\\n\n b\n", count: 5_000) + "NOSUCH\n")
        #expect(parsed.diagnostics.count == 1_001)
        #expect(parsed.diagnostics.last?.severity == .error)
    }

    @Test("deep nesting in JSON and substitutions overflows nothing")
    func deepNesting() {
        let json = String(repeating: "[", count: 200_000)
        #expect(!parse("FROM scratch\nCMD [\"a\", \(json)\n").hasErrors)
        let braces = String(repeating: "${a:-", count: 200_000)
        #expect(!parse("FROM scratch\nRUN <<EOF \(braces)\n").hasErrors)
        #expect(throws: ExpansionError.tooDeep) {
            try WordExpander().expand(ByteString(braces)) { _ in nil }
        }
    }

    @Test("mistakes do not hide one another")
    func everyMistake() {
        let parsed = parse("FOO\nFROM scratch\nENV\nCOPY --x a\nRUN ok\nBAR\n")
        #expect(parsed.diagnostics.map(\.range?.start.line) == [1, 3, 4, 4, 6])
        #expect(parsed.value.stages.count == 1)
    }

    @Test("a trigger of an image is parsed with its heredoc")
    func trigger() {
        let parsed = DockerfileParser().parseTrigger("COPY <<EOF /f\nfrom $V\nEOF")
        guard case .copy(let copy)? = parsed.value?.syntax, case .heredoc(let heredoc) = copy.sources[0] else {
            Issue.record("no COPY with a heredoc")
            return
        }
        #expect(heredoc.content == "from $V\n")
        #expect(parsed.diagnostics.isEmpty)
    }

    @Test(
        "what is no trigger is refused",
        arguments: [
            "", "NOSUCH x", "ONBUILD RUN x", "FROM x", "MAINTAINER x", "RUN a\nRUN b", "COPY a", "RUN <<EOF\nx",
        ]
    )
    func badTrigger(text: String) {
        let parsed = DockerfileParser().parseTrigger(ByteString(text))
        #expect(parsed.value == nil || parsed.hasErrors)
    }

    @Test("the stored text of a trigger parses to the trigger itself")
    func triggerRoundTrip() {
        let parsed = parse("FROM scratch\nONBUILD RUN --network=none <<-A cat && <<B cat\n\tx\n\tA\ny\nB\n")
        guard case .onbuild(let onbuild) = parsed.value.stages[0].instructions[0].syntax else {
            Issue.record("no ONBUILD")
            return
        }
        #expect(onbuild.text == "RUN --network=none <<-A cat && <<B cat\n\tx\nA\ny\nB")
        #expect(DockerfileParser().parseTrigger(onbuild.text).value?.syntax == onbuild.trigger.syntax)
    }

    @Test(
        "a lone heredoc is told from one that feeds a command",
        arguments: [("<<EOF", true), ("<<-'EOF'", true), ("<< EOF", true), ("<<EOF cat", false), ("cat <<EOF", false)]
    )
    func loneHeredoc(line: String, isLone: Bool) {
        let parsed = parse("FROM scratch\nRUN \(line)\nx\nEOF\n")
        guard case .run(let run) = parsed.value.stages[0].instructions[0].syntax else {
            Issue.record("no RUN")
            return
        }
        #expect(run.heredocs.count == 1)
        #expect(run.isLoneHeredoc == isLone)
    }
}
