import ByteStrings
import DeviceModel
import FileModel
import Foundation
import LinuxSystem
import TestSupport
import Testing

@testable import ContainerSandbox

@Suite struct DeviceSpecificationTests {
    private static let root = Testdata.root.appendingPathComponent("cdi")

    /// The specifications in a folder of `testdata/cdi`.
    private static func names(in folder: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root.path + "/" + folder)) ?? []
        return names.filter { !$0.hasSuffix(".txt") }.sorted()
    }

    private static func read(_ path: String) throws -> DeviceSpecification {
        try DeviceSpecificationReader.read(Array(try Data(contentsOf: root.appendingPathComponent(path))))
    }

    private static func lines(_ edits: DeviceEdits) -> [String] {
        var lines = edits.environment.map { "env \($0)" }
        for mount in edits.mounts {
            var words = ["mount", "\(mount.hostPath)", "\(mount.path)"]
            words.append(mount.attributes.contains(.readOnly) ? "ro" : "rw")
            if mount.attributes.contains(.noSetID) { words.append("nosuid") }
            if mount.attributes.contains(.noDevices) { words.append("nodev") }
            if mount.attributes.contains(.noExecution) { words.append("noexec") }
            lines.append(words.joined(separator: " "))
        }
        for node in edits.nodes {
            var words = ["node", "\(node.path)", "from", "\(node.hostPath)"]
            if let kind = node.kind { words.append(kind == .blockDevice ? "block" : "character") }
            if let number = node.number { words.append("\(number.major):\(number.minor)") }
            if let permissions = node.permissions { words.append("mode=\(String(permissions, radix: 8))") }
            if let owner = node.owner { words.append("owner=\(owner)") }
            if let group = node.group { words.append("group=\(group)") }
            lines.append(words.joined(separator: " "))
        }
        return lines + edits.groups.map { "group \($0)" } + edits.refusals.map { "refused: \($0)" }
    }

    private static func text(_ specification: DeviceSpecification) -> String {
        var lines = ["kind \(specification.kind)"] + lines(specification.edits)
        for device in specification.devices {
            let words = ["device", "\(device.name)", "class=\(device.className ?? "-")"]
            lines.append((words + (device.isAutoAllowed ? ["autoallow"] : [])).joined(separator: " "))
            lines += Self.lines(device.edits).map { "    " + $0 }
        }
        return lines.map { $0 + "\n" }.joined()
    }

    @Test(arguments: names(in: "valid")) func aSpecificationSaysWhatItSays(_ name: String) throws {
        let stem = name.prefix { $0 != "." }
        let expected = try String(contentsOf: Self.root.appendingPathComponent("valid/\(stem).txt"), encoding: .utf8)
        #expect(Self.text(try Self.read("valid/\(name)")) == expected)
    }

    @Test func thereAreSpecificationsToRead() {
        #expect(Self.names(in: "valid").count >= 3 && Self.names(in: "invalid").count >= 35)
    }

    @Test(arguments: names(in: "invalid")) func nonsenseIsRefusedWithAReason(_ name: String) {
        do {
            let found = try Self.read("invalid/\(name)")
            Issue.record("\(name) was read: \(found)")
        } catch {
            let reason = "\(error)"
            #expect(error is DeviceSpecificationError)
            #expect(!reason.isEmpty && !reason.hasSuffix(".") && !reason.contains("\n"), "\(reason)")
        }
    }

    /// Texts that are short and come to much.
    private static let bombs: [(String, String)] = [
        ("brackets", String(repeating: "[", count: 500_000)),
        ("dashes", String(repeating: "- ", count: 500_000)),
        ("questions", String(repeating: "? ", count: 300_000)),
        ("large", String(repeating: " ", count: SpecificationNode.mostBytes + 1)),
        (
            "aliases",
            """
            cdiVersion: 0.6.0
            kind: v.com/d
            annotations: &n {node: x}
            devices:
            - name: a
              containerEdits:
                deviceNodes: &a [\(Array(repeating: "{path: /x}", count: 400).joined(separator: ", "))]
            \((0..<2000).map { "- {name: d\($0), containerEdits: {deviceNodes: *a}}\n" }.joined())
            """
        ),
    ]

    @Test(.timeLimit(.minutes(5)), arguments: bombs) func aShortTextCannotComeToMuch(_ name: String, _ text: String)
        async throws
    {
        await #expect(throws: DeviceSpecificationError.self) {
            // The stack of the threads that read specifications.
            try await BlockingThread.run { _ = try DeviceSpecificationReader.read(Array(text.utf8)) }
        }
    }

    @Test func everyBitOfDamageIsAnErrorOrASpecification() throws {
        let bytes = Array(try Data(contentsOf: Self.root.appendingPathComponent("valid/gpu.json")))
        var generator = SystemRandomNumberGenerator()
        for index in stride(from: 0, to: bytes.count, by: 7) {
            var damaged = bytes
            damaged[index] = UInt8.random(in: 0...255, using: &generator)
            _ = try? DeviceSpecificationReader.read(damaged)
            _ = try? DeviceSpecificationReader.read(Array(bytes[..<index]))
        }
    }
}
