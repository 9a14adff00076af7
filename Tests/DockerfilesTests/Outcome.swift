import Foundation

/// How a program ended and what it wrote.
struct Outcome: Sendable {
    /// The exit status; 128 and the number of the signal where one ended it.
    let status: Int32
    let output: Data
    let errors: String

    var text: String { String(decoding: output, as: UTF8.self) }

    /// The last word on standard output: what `slipway build` says it made.
    var digest: String { text.trimmingCharacters(in: .whitespacesAndNewlines) }

    /// How each step of a build with plain progress ended: its title, without the stage, and `DONE`, `CACHED` and so on.
    var steps: [String: String] {
        var titles: [String: String] = [:]
        var endings: [String: String] = [:]
        for line in errors.components(separatedBy: "\n") where line.hasPrefix("#") {
            let words = line.split(separator: " ", maxSplits: 1).map(String.init)
            guard words.count == 2 else { continue }
            if let title = titles[words[0]] {
                let ending = words[1].prefix { $0.isLetter && $0.isUppercase }
                if ["DONE", "CACHED", "ERROR", "CANCELED"].contains(ending) { endings[title] = String(ending) }
            } else {
                let end = words[1].hasPrefix("[") ? words[1].range(of: "] ")?.upperBound : nil
                titles[words[0]] = String(words[1][(end ?? words[1].startIndex)...])
            }
        }
        return endings
    }

    /// What is printed after the progress of a failed build: the last lines of the command, and what went wrong where.
    var failure: String {
        let lines = errors.components(separatedBy: "\n")
        let start = lines.firstIndex { line in
            line == "------" || line.hasPrefix("error: ") || line.hasPrefix("Error: ") || line.contains(": error: ")
        }
        return start.map { lines[$0...].joined(separator: "\n") } ?? ""
    }
}
