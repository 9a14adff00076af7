/// Columns of text, each as wide as its widest cell.
struct Table {
    private var rows: [[String]]

    init(headings: [String]) {
        rows = [headings]
    }

    /// Adds a row; control characters, which images can bring along, are taken out.
    mutating func add(_ cells: [String]) {
        rows.append(cells.map(OutputLines.shown))
    }

    /// The table, headings first, one line a row.
    var text: String {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0 }
        return rows.map { row in
            let cells = row.enumerated().map { column, cell in
                column == row.count - 1 ? cell : cell + String(repeating: " ", count: widths[column] - cell.count)
            }
            return cells.joined(separator: "   ") + "\n"
        }.joined()
    }
}
