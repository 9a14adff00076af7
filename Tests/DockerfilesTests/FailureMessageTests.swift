import Foundation
import TestSupport
import Testing

/// Compares what a failed build tells its user with the goldens in `testdata/messages`.
@Suite(.serialized) struct FailureMessageTests {
    /// A folder of `testdata/messages`: a context that cannot be built.
    struct Case: Sendable, CustomTestStringConvertible {
        static let root = Testdata.root.appendingPathComponent("messages")

        /// Every case, in the order of the names.
        static let all: [Case] = {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
            return names.sorted().map { Case(name: $0) }
        }()

        let name: String

        var testDescription: String { name }
        var expected: URL { Self.root.appendingPathComponent("\(name)/expected.txt") }

        /// The arguments it is built with besides the context, one a line; `CONTEXT` stands for its path.
        var arguments: [String] {
            let file = Self.root.appendingPathComponent("\(name)/arguments.txt")
            let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
            return text.split(separator: "\n").map(String.init)
        }

        /// Copies all but what belongs to the test.
        func makeContext(at folder: URL) throws {
            try FileManager.default.copyItem(at: Self.root.appendingPathComponent(name), to: folder)
            for file in ["expected.txt", "arguments.txt"] {
                try? FileManager.default.removeItem(at: folder.appendingPathComponent(file))
            }
        }
    }

    /// Place in the file, marker below it, cause and way out.
    @Test func fortyMistakesAndMoreAreExplainedWhole() throws {
        let whole = try Case.all.filter { example in
            let text = try String(contentsOf: example.expected, encoding: .utf8)
            let place = #"(?m)^Dockerfile:\d+:\d+: error: \S"#
            return ["(?m)^hint: ", #"(?m)^ +\| .*\^|^>>> .*"#, place].allSatisfy {
                text.range(of: $0, options: .regularExpression) != nil
            }
        }
        #expect(whole.count >= 40)
    }

    @Test(.enabled(if: Workbench.isUsable, Workbench.reason))
    func aFailureIsExplainedWithPlaceCauseAndWayOut() throws {
        // One store for all: what fails leaves nothing behind that the next one could see.
        try Workbench.run { bench in
            for example in Case.all { try check(example, bench) }
        }
    }

    private func check(_ example: Case, _ bench: Workbench) throws {
        let context = bench.folder.appendingPathComponent(example.name)
        try example.makeContext(at: context)
        let arguments = example.arguments.map { $0.replacingOccurrences(of: "CONTEXT", with: context.path) }
        let built = try bench.build(context, arguments: arguments)
        #expect(built.status != 0, "\(example.name) was built")
        #expect(built.text == "", "\(example.name): a failed build writes no digest")
        let control = built.failure.unicodeScalars.filter { $0.properties.generalCategory == .control && $0 != "\n" }
        #expect(control.isEmpty, "\(example.name): what the command wrote reaches the terminal as it is")
        let failure = Self.normalised(built.failure, bench, context)
        let actual = "exit status \(built.status)\n\(failure)"
        if ProcessInfo.processInfo.environment["SLIPWAY_RECORD"] == "1" {
            try Data(actual.utf8).write(to: example.expected)
            Issue.record("recorded \(example.name)")
            return
        }
        let expected = try String(contentsOf: example.expected, encoding: .utf8)
        #expect(actual == expected, "\(example.name)")
    }

    /// Takes out what differs from run to run: folders, digests and times.
    private static func normalised(_ text: String, _ bench: Workbench, _ context: URL) -> String {
        text.replacingOccurrences(of: context.path, with: "CONTEXT")
            .replacingOccurrences(of: bench.state.path, with: "STATE")
            .replacingOccurrences(of: "sha256:[0-9a-f]{64}", with: "DIGEST", options: .regularExpression)
            .replacingOccurrences(of: "STATE/logs/[^ )]*", with: "LOG", options: .regularExpression)
    }
}
