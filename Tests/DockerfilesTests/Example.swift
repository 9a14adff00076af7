import Foundation
import TestSupport
import Testing

/// A folder of `Dockerfiles/` and what its image must be.
struct Example: Sendable, CustomTestStringConvertible {
    struct Expectation: Decodable, Sendable {
        struct File: Decodable, Sendable {
            var type: String?
            var mode: String?
            var uid: Int?
            var gid: Int?
            var content: String?
            var target: String?
        }

        struct Command: Decodable, Sendable {
            var command: [String]
            var output: String?
        }

        var base: String
        var network: Bool
        var deterministic: Bool
        var files: [String: File]
        var run: Command?
    }

    let name: String
    let folder: URL
    let expectation: Expectation

    /// The `config` object of the expectation, as JSON.
    let configuration: Data

    var testDescription: String { name }

    /// Every example, in the order of the names.
    static let all: [Example] = {
        let root = Testdata.repository.appendingPathComponent("Dockerfiles")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
        return names.sorted().compactMap { name in
            let folder = root.appendingPathComponent(name)
            guard let data = try? Data(contentsOf: folder.appendingPathComponent("expect.json")),
                let expectation = try? JSONDecoder().decode(Expectation.self, from: data),
                let object = try? JSONSerialization.jsonObject(with: data) as? [String: Any],
                let configuration = try? JSONSerialization.data(withJSONObject: object["config"] ?? [:])
            else { return nil }
            return Example(name: name, folder: folder, expectation: expectation, configuration: configuration)
        }
    }()

    /// The examples that are built on a base.
    static func all(on base: String) -> [Example] {
        all.filter { $0.expectation.base == base }
    }
}
