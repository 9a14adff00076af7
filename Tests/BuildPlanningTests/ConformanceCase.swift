import ByteStrings
import Foundation
import TestSupport

/// One recorded build: a Dockerfile, how it was built, and what came out.
struct ConformanceCase: CustomStringConvertible, Sendable {
    /// `case.json`.
    struct Request: Decodable, Sendable {
        struct Arguments: Decodable, Sendable {
            var dockerfile: String?
            var build_args: [String: String]?
            var target: String?
            var platform: String?
            var labels: [String: String]?
            var build_contexts: [String: String]?
            var no_dockerfile_flag: Bool?
        }

        /// Words of which one must be in the message.
        enum Mention: Decodable, Sendable {
            case anyOf([String])

            init(from decoder: any Decoder) throws {
                let container = try decoder.singleValueContainer()
                if let word = try? container.decode(String.self) {
                    self = .anyOf([word])
                } else {
                    self = .anyOf(try container.decode([String].self))
                }
            }
        }

        var expect: String
        var args: Arguments?
        var error_mentions: [Mention]?
        var isSpecial: Bool { prebuild != nil || rebuild != nil }

        private struct Anything: Decodable, Sendable {}
        private var prebuild: [Anything]?
        private var rebuild: Anything?
    }

    /// `expect.json`, as far as a plan can tell.
    struct Outcome: Decodable, Sendable {
        struct Configuration: Decodable, Sendable {
            struct Check: Decodable, Sendable, Equatable {
                var Test: [String]?
                var Interval: Int64?
                var Timeout: Int64?
                var StartPeriod: Int64?
                var StartInterval: Int64?
                var Retries: Int?
            }

            var Cmd: [String]?
            var Entrypoint: [String]?
            var Env: [String]?
            var ExposedPorts: [String]?
            var Volumes: [String]?
            var Labels: [String: String]?
            var StopSignal: String?
            var User: String?
            var WorkingDir: String?
            var Healthcheck: Check?
            var Shell: [String]?
            var OnBuild: [String]?
            var author: String?
            var architecture: String?
            var os: String?
        }

        struct Entry: Decodable, Sendable {
            var createdBy: String
            var isEmptyLayer: Bool

            init(from decoder: any Decoder) throws {
                var container = try decoder.unkeyedContainer()
                createdBy = try container.decode(String.self)
                isEmptyLayer = try container.decode(Bool.self)
            }
        }

        var base: String?
        var config: Configuration?
        var history: [Entry]?
    }

    var name: String
    var request: Request
    var dockerfile: String
    var outcome: Outcome?

    var description: String { name }

    static let folder = Testdata.repository.appendingPathComponent("../shared/conformance/cases")

    /// Every recorded case of one image from one Dockerfile; none when the records are not at hand.
    static let all: [ConformanceCase] = {
        let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
        return (names ?? []).sorted().compactMap(load)
    }()

    private static func load(_ name: String) -> ConformanceCase? {
        let folder = folder.appendingPathComponent(name)
        guard let json = try? Data(contentsOf: folder.appendingPathComponent("case.json")),
            let request = try? JSONDecoder().decode(Request.self, from: json), !request.isSpecial
        else { return nil }
        let file = folder.appendingPathComponent(request.args?.dockerfile ?? "Dockerfile")
        guard let data = try? Data(contentsOf: file) else { return nil }
        let expectation = try? Data(contentsOf: folder.appendingPathComponent("expect.json"))
        let outcome = expectation.flatMap { try? JSONDecoder().decode(Outcome.self, from: $0) }
        return ConformanceCase(
            name: name,
            request: request,
            dockerfile: String(decoding: data, as: UTF8.self),
            outcome: outcome
        )
    }
}
