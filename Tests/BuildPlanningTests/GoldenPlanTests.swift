import BuildPlanning
import ByteStrings
import Foundation
import TestSupport
import Testing

/// What `arguments.json` of a golden case may say.
private struct GoldenArguments: Decodable {
    var buildArguments: [String: String]?
    var target: String?
    var folders: [String]?
    var labels: [String: String]?
    var hosts: [String: String]?
}

@Suite("Plans on record")
struct GoldenPlanTests {
    private static let folder = Testdata.root.appendingPathComponent("plan")
    private static let isRecording = ProcessInfo.processInfo.environment["SLIPWAY_RECORD"] == "1"

    static let cases: [String] = {
        let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
        return (names ?? []).filter { !$0.hasPrefix(".") }.sorted()
    }()

    @Test("There are plans on record")
    func recorded() {
        #expect(!Self.cases.isEmpty)
    }

    @Test("A Dockerfile gives the plan on record", arguments: cases)
    func golden(name: String) throws {
        let folder = Self.folder.appendingPathComponent(name)
        let dockerfile = try String(contentsOf: folder.appendingPathComponent("Dockerfile"), encoding: .utf8)
        let json = try Data(contentsOf: folder.appendingPathComponent("arguments.json"))
        let arguments = try JSONDecoder().decode(GoldenArguments.self, from: json)
        let plan = try PlanFixture.plan(dockerfile) { request in
            request.buildArguments = (arguments.buildArguments ?? [:]).sorted { $0.key < $1.key }
                .map { PlanArgument(name: ByteString($0.key), value: ByteString($0.value)) }
            request.target = arguments.target.map { ByteString($0) }
            request.contexts = (arguments.folders ?? []).map { name in
                PlanContext(name: ByteString(name), kind: .files(ByteString(name)))
            }
            request.labels = (arguments.labels ?? [:]).sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
            request.extraHosts = (arguments.hosts ?? [:]).sorted { $0.key < $1.key }
                .map { HostEntry(name: ByteString($0.key), address: ByteString($0.value)) }
        }
        let recording = folder.appendingPathComponent("graph.txt")
        if Self.isRecording {
            try plan.debugText.write(to: recording, atomically: true, encoding: .utf8)
            Issue.record("recorded \(name): look at it, then run again without SLIPWAY_RECORD")
        } else {
            #expect(try plan.debugText == String(contentsOf: recording, encoding: .utf8))
        }
    }
}
