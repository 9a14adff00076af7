import Foundation
import TestSupport
import Testing

/// What a step sees of its sandbox, property by property, against what Docker's shows.
@Suite(.enabled(if: Workbench.isUsable, Workbench.reason)) struct SandboxTranscriptTests {
    private static let folder = Testdata.root.appendingPathComponent("sandbox")

    /// Every property of a transcript by who saw it: `WHO: WHAT: VALUE`.
    private static func properties(_ text: String) -> [String: [String: [String]]] {
        var properties: [String: [String: [String]]] = [:]
        for line in text.split(separator: "\n") {
            let fields = line.split(separator: ": ", maxSplits: 2).map(String.init)
            guard fields.count >= 2, ["root", "nobody", "1000:1001", "later"].contains(fields[0]) else { continue }
            properties[fields[0], default: [:]][fields[1], default: []].append(fields.count > 2 ? fields[2] : "")
        }
        return properties
    }

    /// Differences between two transcripts: lines with `-` for what only Docker shows, `+` for what only slipway does.
    private static func differences(_ docker: String, _ slipway: String) -> Set<String> {
        let (theirs, ours) = (properties(docker), properties(slipway))
        var found: Set<String> = []
        for who in Set(theirs.keys).union(ours.keys) {
            let (left, right) = (theirs[who] ?? [:], ours[who] ?? [:])
            for what in Set(left.keys).union(right.keys) {
                let (old, new) = (left[what] ?? [], right[what] ?? [])
                // A kernel may lack a file, and then nothing can be said about it.
                if old.contains("absent") || new.contains("absent") { continue }
                for value in old where !new.contains(value) { found.insert("-\(what): \(value)".trimmed) }
                for value in new where !old.contains(value) { found.insert("+\(what): \(value)".trimmed) }
            }
        }
        return found
    }

    /// The differences that the documentation explains: the lines of its `diff` blocks.
    private static func explained() throws -> Set<String> {
        let page = Testdata.repository.appendingPathComponent("docs/sandbox.md")
        var lines: Set<String> = []
        var isInside = false
        for line in try String(contentsOf: page, encoding: .utf8).split(separator: "\n") {
            if line.hasPrefix("```") {
                isInside = line == "```diff"
            } else if isInside {
                lines.insert(String(line).trimmed)
            }
        }
        return lines
    }

    /// What concerns mounts that only one of the hierarchies of control groups has is the machine's, not the sandbox's.
    private static func isOfThisMachine(_ line: String) -> Bool {
        line.contains("thermal_throttle") || line.contains("/proc/acpi") || line.contains("/proc/asound")
            || line.contains("/proc/scsi") || line.contains("/sys/devices/virtual/powercap")
    }

    @Test func everyDifferenceFromDockerIsExplained() throws {
        let docker = try String(contentsOf: Self.folder.appendingPathComponent("docker.txt"), encoding: .utf8)
        let explained = try Self.explained()
        try Workbench.run { bench in
            let built = try bench.build(Self.folder, "--no-cache", "--network", "none")
            #expect(built.status == 0, "\(built.errors)")
            let output = built.errors.split(separator: "\n").compactMap { line -> String? in
                // Behind the number of the step and the time.
                let words = line.split(separator: " ", maxSplits: 2)
                return words.count == 3 && words[0].hasPrefix("#") ? String(words[2]) : nil
            }
            let found = Self.differences(docker, output.joined(separator: "\n"))
            #expect(Self.properties(output.joined(separator: "\n"))["root"]?.count ?? 0 > 80)
            let strange = found.subtracting(explained).filter { !Self.isOfThisMachine($0) }
            #expect(strange.sorted() == [], "docs/sandbox.md does not explain these")
            let settled = explained.subtracting(found).filter { !Self.isOfThisMachine($0) }
            #expect(settled.sorted() == [], "docs/sandbox.md explains what is no difference")
        }
    }

    /// The stored transcript is what Docker prints, where it can be asked.
    @Test(.enabled(if: Command.exists("docker") && Command.exists("dockerd"), "needs docker and dockerd"))
    func theTranscriptIsDockers() throws {
        let daemon: DockerDaemon
        do { daemon = try DockerDaemon() } catch { try Test.cancel("dockerd does not start here: \(error)") }
        let base = try #require(Bases.busybox)
        let imported = try daemon.run("import", "--change", "CMD [\"sh\"]", base.path, "busybox:latest")
        #expect(imported.status == 0, "\(imported.errors)")
        let built = try daemon.run("build", "--no-cache", "--network", "none", Self.folder.path)
        guard built.status == 0 else { try Test.cancel("dockerd runs no containers here: \(built.errors)") }
        let stored = try String(contentsOf: Self.folder.appendingPathComponent("docker.txt"), encoding: .utf8)
        // Groups and the root are mounted in another way where there is no hierarchy of version 1, or no overlay.
        let found = Self.differences(stored, built.text).filter { line in
            !Self.isOfThisMachine(line) && !line.contains("/sys/fs/cgroup") && !line.contains("own groups")
                && !line.contains("/proc/interrupts") && !line.contains("mount /:")
        }
        #expect(found.sorted() == [])
    }
}

extension String {
    fileprivate var trimmed: String {
        trimmingCharacters(in: .whitespaces)
    }
}
