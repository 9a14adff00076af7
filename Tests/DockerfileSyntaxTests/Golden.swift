import Foundation
import TestSupport

/// A file that holds what a test must produce.
struct Golden {
    let file: URL

    /// What the file holds; with `SLIPWAY_RECORD=1` it is written first, and the test is told to fail.
    func matches(_ actual: String) throws -> Bool {
        if ProcessInfo.processInfo.environment["SLIPWAY_RECORD"] == "1" {
            try Data(actual.utf8).write(to: file)
            throw Recorded(file: file.path)
        }
        return try String(decoding: Data(contentsOf: file), as: UTF8.self) == actual
    }

    /// Recording never counts as passing.
    struct Recorded: Error {
        let file: String
    }

    /// The cases of a folder of goldens, by name.
    static func cases(_ folder: String) -> [String] {
        let folder = Testdata.root.appendingPathComponent(folder)
        let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
        return (names ?? []).sorted()
    }
}
