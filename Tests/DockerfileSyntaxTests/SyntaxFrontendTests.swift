import ByteStrings
import DockerfileSyntax
import SourceDiagnostics
import Testing

@Suite("Who reads a Dockerfile")
struct SyntaxFrontendTests {
    @Test(
        "the image of the language itself is known in every version, and no other",
        arguments: [
            ("docker/dockerfile", true), ("docker/dockerfile:1", true), ("docker/dockerfile:1.7-labs", true),
            ("docker.io/docker/dockerfile:1@sha256:00", true), ("docker/dockerfile@sha256:00", true),
            ("docker/dockerfile-upstream:master", true), ("  docker/dockerfile:1 more words", true),
            ("index.docker.io/docker/dockerfile", true), ("docker/dockerfile:", false), ("docker/dockerfiles", false),
            ("docker/dockerfile/x", false), ("example.com/docker/dockerfile:1", false), ("dockerfile", false),
            ("", false), ("Docker/Dockerfile", false),
        ]
    )
    func builtIn(value: String, expected: Bool) {
        #expect(SyntaxFrontend.isBuiltIn(ByteString(value)) == expected)
    }

    private func ids(_ text: String, frontend: ByteString? = nil) -> [DiagnosticID] {
        DockerfileParser(frontend: frontend).parse(SourceText(name: "Dockerfile", bytes: Array(text.utf8)))
            .diagnostics.map(\.id)
    }

    @Test(
        "a file for another frontend has that one error, whatever else is in it",
        arguments: [
            "# syntax=a/b\nNOSUCH\n", "\u{FEFF}# syntax=a/b\n", "#syntax=a/b", "#!x\n# syntax=a/b\nFROM x\n",
            "// syntax=a/b\n",
            "//SYNTAX = a/b c",
            "{\"syntax\":\"a/b\"}", "#!x\n { \"a\": {\"syntax\": 1}, \"syntax\" : \"a\\/b\" } ",
        ]
    )
    func foreign(text: String) {
        #expect(ids(text) == ["UnsupportedSyntax"])
        #expect(!ids(text, frontend: "docker/dockerfile:1").contains("UnsupportedSyntax"))
    }

    @Test(
        "what only looks like a choice of a frontend is none",
        arguments: [
            " # syntax=a/b\nFROM x\n", "   # syntax=a/b\nFROM x\n", "\u{FEFF} # syntax=a/b\nFROM x\n",
            "# comment\n# syntax=a/b\nFROM x\n", "\n# syntax=a/b\nFROM x\n",
            "FROM x\n# syntax=a/b\n", "# escape=`\n\n# syntax=a/b\nFROM x\n", "# syntax=docker/dockerfile:1\nFROM x\n",
        ]
    )
    func ordinary(text: String) {
        #expect(ids(text) == [])
    }

    @Test("text of other languages is no choice either")
    func broken() {
        for text in [
            "// x\n// syntax=a/b\n", "{\"syntax\":1}", "{\"syntax\":\"a/b\"", "{\"syntax\":\"a/b\"} x", "{}", "{",
        ] {
            #expect(!ids(text).contains("UnsupportedSyntax"))
            #expect(!ids(text).isEmpty)
        }
    }

    @Test("the build argument counts in place of the directive")
    func argument() {
        let foreign = DockerfileParser(frontend: "x/y more").parse(SourceText(name: "f", bytes: Array("FROM a\n".utf8)))
        #expect(foreign.diagnostics.map(\.id) == ["UnsupportedSyntax"])
        #expect(foreign.diagnostics[0].range == nil)
        #expect(foreign.diagnostics[0].message.contains("`x/y`"))
        #expect(ids("# syntax=a/b\nFROM x\n", frontend: "") == ["UnsupportedSyntax"])
        #expect(ids("# syntax=a/b\nFROM x\n", frontend: "docker/dockerfile") == [])
    }

    @Test("the error stands at the name of the frontend")
    func place() {
        let source = SourceText(name: "f", bytes: Array("# check=skip=all\n#  syntax =  a/b  c\n".utf8))
        let range = DockerfileParser().parse(source).diagnostics.first?.range
        #expect(range == SourceRange(SourceLocation(line: 2, column: 14), SourceLocation(line: 2, column: 17)))
    }
}
