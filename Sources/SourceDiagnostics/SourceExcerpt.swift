/// A few numbered lines of a text with a mark under, or beside, what is meant.
struct SourceExcerpt {
    let text: String

    /// Of a longer line only a window around the mark is shown.
    private static let widestLine = 120
    /// Of a longer range only its first and last lines are shown.
    private static let mostMarkedLines = 12

    init(of source: SourceText, marking range: SourceRange, contextLines: Int) {
        let last = max(1, source.lineCount)
        let start = min(max(1, range.start.line), last)
        var end = min(max(start, range.end.line), last)
        if end > start, range.end.column <= 1 { end -= 1 }
        let first = max(1, start - contextLines)
        let final = min(last, end + contextLines)
        let digits = String(final).count

        var text = ""
        for number in first...final {
            let isMarked = number >= start && number <= end
            if isMarked, end - start >= Self.mostMarkedLines, number > start + Self.mostMarkedLines / 2,
                number < end - Self.mostMarkedLines / 2 + 1
            {
                if number == end - Self.mostMarkedLines / 2 { text += "    " + Self.padded("...", digits) + " |\n" }
                continue
            }
            let line = source.line(number)
            let isOnlyLine = isMarked && start == end
            let from = isOnlyLine ? range.start.column - 1 : 0
            let to = isOnlyLine ? max(range.end.column - 1, from + 1) : 0
            let (shown, mark) = Self.window(line, from, to)
            text += (isMarked ? ">>> " : "    ") + Self.padded(String(number), digits) + " |"
            text += shown.isEmpty ? "\n" : " \(shown)\n"
            if isOnlyLine { text += "    " + Self.padded("", digits) + " | \(mark)\n" }
        }
        self.text = text
    }

    /// The part of the line worth showing, and the line with the mark below it.
    private static func window(_ line: ArraySlice<UInt8>, _ from: Int, _ to: Int) -> (String, String) {
        // A cut inside a character shows it as bytes; a window of bytes bounds the work on a line of any length.
        var cut = 0
        if line.count > widestLine * 4, from > widestLine { cut = min(from - widestLine / 2, line.count) }
        let part = line.dropFirst(cut).prefix(widestLine * 4)
        let visible = VisibleText(part)
        let count = visible.columns.count - 1
        let markStart = visible.columns[min(max(0, from - cut), count)]
        let markEnd = visible.columns[min(max(0, to - cut), count)]

        var skipped = 0
        if markStart > widestLine - 20 { skipped = markStart - widestLine / 2 }
        var shown = String(visible.text.unicodeScalars.dropFirst(skipped).prefix(widestLine))
        let isCutLeft = cut > 0 || skipped > 0
        if isCutLeft { shown = "…" + shown }
        if visible.text.unicodeScalars.count > skipped + widestLine || cut + part.count < line.count { shown += "…" }

        let indent = String(repeating: " ", count: markStart - skipped + (isCutLeft ? 1 : 0))
        let length = max(1, min(markEnd - markStart, widestLine - (markStart - skipped)))
        return (shown, indent + "^" + String(repeating: "~", count: length - 1))
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}
