import SourceDiagnostics
import Testing

@Suite("Printing diagnostics")
struct DiagnosticPrinterTests {
    private func render(
        _ text: [UInt8],
        _ start: (Int, Int),
        _ end: (Int, Int),
        hint: String? = nil,
        format: DiagnosticPrinter.Format = .text
    ) -> String {
        let diagnostic = Diagnostic(
            severity: .error,
            id: "test",
            message: "it is `wrong`",
            range: SourceRange(
                SourceLocation(line: start.0, column: start.1),
                SourceLocation(line: end.0, column: end.1)
            ),
            hint: hint
        )
        return DiagnosticPrinter(format: format).render(diagnostic, in: SourceText(name: "Dockerfile", bytes: text))
    }

    @Test("the place is shown with two lines around it and a mark below")
    func oneLine() {
        let text = render(Array("one\ntwo\nthree four\nfive\nsix\nseven\n".utf8), (3, 7), (3, 11), hint: "do it")
        #expect(
            text == """
                Dockerfile:3:7: error: it is `wrong`
                    1 | one
                    2 | two
                >>> 3 | three four
                      |       ^~~~
                    4 | five
                    5 | six
                hint: do it

                """
        )
    }

    @Test("of several lines each is marked at its side")
    func severalLines() {
        let text = render(Array("one\ntwo\nthree\nfour\n".utf8), (2, 1), (3, 6))
        #expect(text.contains(">>> 2 | two\n>>> 3 | three\n    4 | four\n"))
        #expect(!text.contains("^"))
    }

    @Test("a long range shows its ends")
    func longRange() {
        let text = render(Array(String(repeating: "x\n", count: 100).utf8), (1, 1), (100, 2))
        #expect(text.contains("    ... |\n"))
        #expect(text.split(separator: "\n").count < 20)
    }

    @Test("the mark stands under what is meant when tabs, wide and broken characters precede it")
    func widths() {
        let line = Array("\ta\u{E9}\u{1F6A2}".utf8) + [0xFF] + Array("b".utf8)
        let text = render(line, (1, 10), (1, 11))
        #expect(text.contains(">>> 1 |     aé🚢\\xffb\n"))
        #expect(text.contains("      |             ^\n"))
    }

    @Test("a terminal is never handed a control byte of the text")
    func controls() {
        let text = render(Array("a\u{1B}[31m\u{7F}\u{0}\u{202E}\u{9B}".utf8), (1, 1), (1, 2))
        #expect(text.contains("a\\x1b[31m\\x7f\\x00\\u{202e}\\u{9b}"))
        let message = Diagnostic(severity: .error, id: "x", message: "a\u{1B}b\u{9B}", hint: "\u{7}")
        for format in [DiagnosticPrinter.Format.text, .jsonLines] {
            let shown = DiagnosticPrinter(format: format).render(message, in: nil)
            #expect(
                !shown.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || (0x7F...0x9F).contains($0.value) }
            )
        }
    }

    @Test("of an endless line a window is shown")
    func endlessLine() {
        let line =
            Array(String(repeating: "x", count: 100_000).utf8) + Array("HERE".utf8)
            + Array(String(repeating: "y", count: 100_000).utf8)
        let text = render(line, (1, 100_001), (1, 100_005))
        #expect(text.count < 500)
        let lines = text.split(separator: "\n").map(Array.init)
        let mark = lines[2].firstIndex(of: "^") ?? 0
        #expect(String(lines[1][mark..<(mark + 4)]) == "HERE")
    }

    @Test("ranges outside the text are no harm")
    func outside() {
        for line in [-1, 0, 5, Int.max - 5] {
            #expect(!render(Array("a\nb\n".utf8), (line, 1), (line, 9)).isEmpty)
            #expect(!render([], (line, -3), (line, -9)).isEmpty)
        }
    }

    @Test("a program gets one line of JSON")
    func json() {
        let text = render(Array("a\n".utf8), (1, 1), (1, 2), hint: "say \"x\\y\"\n", format: .jsonLines)
        #expect(
            text == #"{"severity":"error","id":"test","message":"it is `wrong`","file":"Dockerfile","#
                + #""start":{"line":1,"column":1},"end":{"line":1,"column":2},"hint":"say \"x\\y\"\n"}"# + "\n"
        )
    }

    @Test("without a text the message stands alone")
    func noSource() {
        let diagnostic = Diagnostic(severity: .warning, id: "Rule", message: "careful", notes: ["more"])
        #expect(DiagnosticPrinter().render(diagnostic, in: nil) == "warning: careful [Rule]\nnote: more\n")
    }
}
