import BuildInterface
import Synchronization
import Testing

@testable import SlipwayCLI

@Suite struct DisplayTests {
    private final class Recorder: Sendable {
        let bytes = Mutex<[UInt8]>([])

        var text: String { String(decoding: bytes.withLock { $0 }, as: UTF8.self) }

        func write(_ new: [UInt8]) { bytes.withLock { $0 += new } }
    }

    @Test func plainProgressSaysWhoseLinesFollow() {
        let recorder = Recorder()
        let display = PlainDisplay(output: recorder.write)
        display.show(.started(vertex: 1, name: "[a 1/2] FROM x"))
        display.show(.cached(vertex: 1))
        display.show(.started(vertex: 2, name: "[a 2/2] RUN y"))
        display.show(.started(vertex: 3, name: "[b 1/1] RUN z"))
        display.show(.completed(vertex: 2, duration: .milliseconds(1250)))
        display.show(.failed(vertex: 3, message: "no"))
        #expect(
            recorder.text == """
                #1 [a 1/2] FROM x
                #1 CACHED

                #2 [a 2/2] RUN y

                #3 [b 1/1] RUN z

                #2 ...
                #2 DONE 1.3s

                #3 ...
                #3 ERROR: no


                """
        )
    }

    @Test func linesOfACommandCarryTheirVertexAndTime() {
        let recorder = Recorder()
        let display = PlainDisplay(output: recorder.write)
        display.show(.started(vertex: 1, name: "RUN y"))
        display.show(.output(vertex: 1, stream: .standardOutput, bytes: Array("one\ntw".utf8)))
        display.show(.output(vertex: 1, stream: .standardOutput, bytes: Array("o".utf8)))
        display.show(.completed(vertex: 1, duration: .zero))
        let lines = recorder.text.split(separator: "\n")
        #expect(lines[1].hasPrefix("#1 0.") && lines[1].hasSuffix(" one"))
        #expect(lines[2].hasPrefix("#1 0.") && lines[2].hasSuffix(" two"))
    }

    @Test(arguments: [
        ("a\u{1b}[31mred\u{1b}[0m", "a\u{1b}[31mred\u{1b}[0m"),
        ("a\u{1b}[2Jb", "ab"),
        ("\u{1b}]0;title\u{07}x", "x"),
        ("\u{1b}]52;c;ZXZpbA==\u{1b}\\x", "x"),
        ("\u{1b}P+q544e\u{1b}\\x", "x"),
        ("a\u{8}\u{7f}b", "ab"),
        ("\u{9b}31mx", "31mx"),
        ("tab\tstays", "tab\tstays"),
        ("\u{1b}", ""),
        ("\u{1b}[", ""),
    ])
    func outputCannotSteerTheTerminal(_ written: String, _ shown: String) {
        #expect(String(decoding: OutputLines.withoutControls(Array(written.utf8)), as: UTF8.self) == shown)
    }

    @Test func whatABarDrewLastIsTheLine() {
        var lines = OutputLines()
        #expect(lines.add(Array("10%\r50%\r100%\r\n".utf8)) == [Array("100%".utf8)])
    }

    @Test func aLineWithoutEndIsCutIntoPieces() {
        var lines = OutputLines()
        let cut = lines.add([UInt8](repeating: 0x61, count: 3 * OutputLines.longest + 5))
        #expect(cut.map(\.count) == [OutputLines.longest, OutputLines.longest, OutputLines.longest])
        #expect(lines.takeRest()?.count == 5)
    }

    @Test func theScreenIsRedrawnInPlace() {
        let start = ContinuousClock.now
        var screen = TerminalScreen(hasColour: false, started: start)
        screen.take(.started(vertex: 1, name: "[1/1] RUN make"), at: start)
        screen.take(.output(vertex: 1, stream: .standardError, bytes: Array("cc a.c\n".utf8)), at: start)
        let first = screen.redrawing(columns: 40, rows: 24, at: start, isLast: false)
        #expect(first.contains("[+] Building 0.0s (0/1)"))
        #expect(first.contains(" => => # cc a.c"))
        #expect(!first.contains("\u{1b}[3A"))
        screen.take(.completed(vertex: 1, duration: .seconds(2)), at: start)
        let last = screen.redrawing(columns: 40, rows: 24, at: start + .seconds(2), isLast: true)
        #expect(last.hasPrefix("\u{1b}[3A"))
        #expect(last.contains("[+] Built in 2.0s (1/1)"))
        #expect(!last.contains("cc a.c"))
        #expect(screen.redrawing(columns: 40, rows: 24, at: start, isLast: true).isEmpty)
    }

    @Test func noLineIsWiderThanTheScreen() {
        var screen = TerminalScreen(hasColour: false, started: .now)
        screen.take(.started(vertex: 1, name: String(repeating: "long ", count: 50)), at: .now)
        let text = screen.redrawing(columns: 60, rows: 10, at: .now, isLast: false)
        for line in text.split(separator: "\n") {
            #expect(line.replacing("\u{1b}[2K", with: "").replacing("\u{1b}[J", with: "").count <= 60)
        }
    }

    @Test(arguments: [(0.0, 1, "0.0"), (1.25, 1, "1.3"), (12.345, 3, "12.345"), (0.05, 2, "0.05"), (7, 0, "7")])
    func decimalsAreRounded(_ value: Double, _ decimals: Int, _ text: String) {
        #expect(DecimalText.fixed(value, decimals: decimals) == text)
    }

    @Test(arguments: [
        (UInt64(0), "0B"), (999, "999B"), (1500, "1.50kB"), (1_083_881, "1.08MB"), (123_456_789, "123MB"),
    ])
    func sizesAreShort(_ bytes: UInt64, _ text: String) {
        #expect(ByteCount.text(bytes) == text)
    }

    @Test func textsOfADockerfileCannotSteerTheTerminal() {
        let recorder = Recorder()
        let display = PlainDisplay(output: recorder.write)
        display.show(.started(vertex: 1, name: "RUN \u{1b}]0;title\u{7}x\u{1b}[2J"))
        display.show(.failed(vertex: 1, message: "first\nsecond \u{1b}[1A\u{8}"))
        #expect(!recorder.text.contains("\u{1b}") && !recorder.text.contains("\u{8}"))
        #expect(recorder.text == "#1 RUN x\n#1 ERROR: first second \n\n")
    }

    @Test func textsOfAnImageCannotSteerTheTerminal() {
        var table = Table(headings: ["A", "B"])
        table.add(["\u{1b}[2Jone", "two\u{9b}31m\n"])
        #expect(table.text == "A     B\none   two31m\n")
    }

    @Test(arguments: [(true, "Built in"), (false, "Failed after")])
    func theLastDrawingSaysHowTheBuildEnded(_ succeeded: Bool, _ verb: String) {
        let start = ContinuousClock.now
        var screen = TerminalScreen(hasColour: false, started: start)
        screen.take(.started(vertex: 1, name: "a"), at: start)
        screen.take(.cancelled(vertex: 1), at: start)
        screen.end(succeeded: succeeded)
        #expect(screen.redrawing(columns: 60, rows: 10, at: start, isLast: true).contains("[+] \(verb) 0.0s"))
    }
}
