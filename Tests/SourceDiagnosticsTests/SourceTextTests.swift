import SourceDiagnostics
import Testing

@Suite("Texts and places in them")
struct SourceTextTests {
    private func text(_ string: String) -> SourceText {
        SourceText(name: "f", bytes: Array(string.utf8))
    }

    @Test(
        "lines are counted as an editor does",
        arguments: [("", 0), ("a", 1), ("a\n", 1), ("a\nb", 2), ("\n", 1), ("\n\n", 2), ("a\r\nb\r\n", 2)]
    )
    func lineCount(string: String, count: Int) {
        #expect(text(string).lineCount == count)
    }

    @Test("a line comes without its end, or with it")
    func lines() {
        let source = text("one\r\n\ntwo")
        #expect(Array(source.line(1)) == Array("one".utf8))
        #expect(Array(source.lineWithEnd(1)) == Array("one\r\n".utf8))
        #expect(source.line(2).isEmpty)
        #expect(Array(source.line(3)) == Array("two".utf8))
        for number in [-1, 0, 4, Int.max] { #expect(source.line(number).isEmpty) }
    }

    @Test(
        "every offset has a place",
        arguments: [
            (-5, 1, 1), (0, 1, 1), (2, 1, 3), (3, 1, 4), (4, 2, 1), (5, 3, 1), (8, 3, 4), (99, 3, 4),
        ]
    )
    func locations(offset: Int, line: Int, column: Int) {
        #expect(text("one\n\ntwo").location(atOffset: offset) == SourceLocation(line: line, column: column))
    }

    @Test(
        "every place has an offset, the nearest when there is no such place",
        arguments: [
            (1, 1, 0), (1, 3, 2), (1, 99, 4), (2, 1, 4), (3, 2, 6), (3, 99, 8), (4, 1, 8), (0, 5, 0), (2, -7, 4),
            (Int.min, Int.min, 0), (Int.max, Int.max, 8),
        ]
    )
    func offsets(line: Int, column: Int, offset: Int) {
        #expect(text("one\n\ntwo").offset(of: SourceLocation(line: line, column: column)) == offset)
    }
}
