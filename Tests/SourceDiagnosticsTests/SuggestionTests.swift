import SourceDiagnostics
import Testing

@Suite("Suggestions")
struct SuggestionTests {
    @Test(
        "the nearest word is found, and none that is far",
        arguments: [
            ("ENTRYPONT", "ENTRYPOINT"), ("COPPY", "COPY"), ("WROKDIR", "WORKDIR"), ("FORM", "FROM"), ("RNU", "RUN"),
            ("XYZ", nil), ("", nil), ("COPY", nil), ("A", nil), (String(repeating: "COPY", count: 1_000), nil),
        ] as [(String, String?)]
    )
    func closest(word: String, expected: String?) {
        let words = ["COPY", "ENTRYPOINT", "FROM", "RUN", "WORKDIR"]
        #expect(Suggestion.closest(to: word, among: words) == expected)
    }

    @Test("of words equally near the first is taken")
    func ties() {
        #expect(Suggestion.closest(to: "cat", among: ["bat", "hat"]) == "bat")
    }
}
