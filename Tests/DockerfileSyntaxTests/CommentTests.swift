import ByteStrings
import DockerfileSyntax
import SourceDiagnostics
import Testing

@Suite("Comments and the checks they switch off")
struct CommentTests {
    private func stage(_ text: String) -> Stage {
        DockerfileParser().parse(SourceText(name: "Dockerfile", bytes: Array(text.utf8))).value.stages[0]
    }

    @Test("comments belong to the instruction directly below them")
    func runs() {
        let stage = stage("# a\n#  b  \nFROM x\n# c\n\n# d\nRUN y\nRUN z\n#e")
        #expect(stage.from.comments.map(\.text) == ["a", "b"])
        #expect(
            stage.from.comments[1].range
                == SourceRange(SourceLocation(line: 2, column: 1), SourceLocation(line: 2, column: 5))
        )
        #expect(stage.instructions.map { $0.comments.map(\.text) } == [["d"], []])
    }

    @Test("directives and a #! line are no comments")
    func directives() {
        #expect(stage("#!/bin/x\n# check=skip=all\n# a\nFROM x").from.comments.map(\.text) == ["a"])
        #expect(stage("\n# check=skip=A\nFROM x").from.comments.map(\.text) == ["check=skip=A"])
    }

    @Test("the name of an instruction is told as it is written")
    func keywords() {
        let stage = stage("FROM x\n  ruN \\\n y\n\\\n onBuild\tcmd z")
        let places = stage.instructions.map { [$0.keyword.start.line, $0.keyword.start.column, $0.keyword.end.column] }
        #expect(places == [[2, 3, 6], [5, 2, 9]])
        guard case .onbuild(let onbuild) = stage.instructions[1].syntax else {
            Issue.record("no ONBUILD")
            return
        }
        #expect(onbuild.trigger.keyword.start == SourceLocation(line: 5, column: 10))
        #expect(onbuild.trigger.keyword.end == SourceLocation(line: 5, column: 13))
    }

    @Test(
        "comments switch rules off",
        arguments: [
            (["check=skip=A,B"], ["A", "B"], false),
            (["check=skip=A", "text", "Check = skip= C ;error=true"], ["A", "C"], false),
            (["check=skip=all"], [], true), (["checks=skip=A", "skip=A", "check skip=A", ""], [], false),
        ] as [([ByteString], Set<String>, Bool)]
    )
    func skipped(texts: [ByteString], names: Set<String>, all: Bool) {
        let nowhere = SourceRange(SourceLocation(line: 1, column: 1), SourceLocation(line: 1, column: 1))
        let located = Located(
            UserInstruction(user: "u"),
            at: nowhere,
            comments: texts.map { Comment(text: $0, range: nowhere) }
        )
        #expect(located.skippedChecks == SkippedChecks(all: all, names: names))
        #expect(located.skippedChecks.contains("A") == (all || names.contains("A")))
        #expect(located.skippedChecks.contains("Other") == all)
    }

    @Test("places, names and comments make two pieces of syntax differ, and can be taken off")
    func equality() {
        func parse(_ text: String) -> Dockerfile {
            DockerfileParser().parse(SourceText(name: "Dockerfile", bytes: Array(text.utf8))).value
        }
        let one = parse("# escape=\\\nARG a\nFROM x\nONBUILD RUN y\nARG b c\n")
        let others = [
            "# escape = \\\nARG a\nFROM x\nONBUILD RUN y\nARG b c\n",
            "# escape=\\\nARG a\nFROM x\n# c\nONBUILD RUN y\nARG b c\n",
            "# escape=\\\n\narg a\nFROM x\nONBUILD \\\nRUN y\nARG b \\\n# c\nc\n",
        ]
        for other in others.map(parse) {
            #expect(other != one)
            #expect(other.withoutPlaces == one.withoutPlaces)
        }
        #expect(parse("ARG a\nFROM x\nONBUILD RUN z\nARG b c\n").withoutPlaces != one.withoutPlaces)
    }
}
