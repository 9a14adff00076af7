import Foundation
import TestSupport
import Testing

/// Builds every folder of `Dockerfiles/` twice and looks at what came out.
@Suite(.serialized) struct ExampleTests {
    /// Whether the larger base can be made; without a network there is nothing to build on.
    private static var hasDebian: Bool { Workbench.isUsable && Bases.canMake("debian") }

    @Test func thereAreExamplesOnEitherBase() {
        #expect(Example.all.count >= 5)
        #expect(Set(Example.all.map(\.expectation.base)) == ["busybox", "debian"])
    }

    @Test(.enabled(if: Workbench.isUsable, Workbench.reason), arguments: Example.all(on: "busybox"))
    func anExampleBecomesTheImageItDescribes(_ example: Example) throws {
        try build(example)
    }

    @Test(
        .enabled(if: hasDebian, "needs root, mmdebstrap and Debian's archive"),
        arguments: Example.all(on: "debian")
    )
    func anExampleOnDebianBecomesTheImageItDescribes(_ example: Example) throws {
        try build(example)
    }

    @Test(
        .enabled(if: Workbench.isUsable, Workbench.reason),
        arguments: Example.all(on: "busybox").filter(\.expectation.deterministic)
    )
    func aDeterministicExampleHasOneDigest(_ example: Example) throws {
        try buildElsewhere(example)
    }

    @Test(
        .enabled(if: hasDebian, "needs root, mmdebstrap and Debian's archive"),
        arguments: Example.all(on: "debian").filter(\.expectation.deterministic)
    )
    func aDeterministicExampleOnDebianHasOneDigest(_ example: Example) throws {
        try buildElsewhere(example)
    }

    private func build(_ example: Example) throws {
        let before = HostState()
        let folder = try TemporaryFolder()
        let slipway = SlipwayProgram(state: folder.url.appendingPathComponent("state"))
        try Bases.load(example.expectation.base, into: slipway)

        let first = try slipway.run("build", "--progress", "plain", "-t", "example", example.folder.path)
        #expect(first.status == 0, "\(first.errors)")
        let archive = folder.url.appendingPathComponent("image.tar")
        let second = try slipway.run(
            "build",
            "--progress",
            "plain",
            "-t",
            "example",
            "-o",
            "type=oci,dest=\(archive.path),name=example",
            example.folder.path
        )
        #expect(second.status == 0, "\(second.errors)")

        #expect(first.text == second.text, "the second build made another image")
        let repeated = second.steps.filter { $0.key.hasPrefix("RUN") && $0.value != "CACHED" }
        #expect(repeated == [:], "a RUN was not taken from the cache")
        try check(example, slipway, folder.url)
        try checkCommand(example, archive, folder.url)

        before.expectUnchanged(slipway.state)
    }

    /// Builds with another mask, time zone, locale and working folder.
    private func buildElsewhere(_ example: Example) throws {
        let folder = try TemporaryFolder()
        var digests: Set<String> = []
        for (index, zone) in ["UTC", "Asia/Kathmandu"].enumerated() {
            var slipway = SlipwayProgram(state: folder.url.appendingPathComponent("state\(index)"))
            slipway.environment = ["TZ": zone, "LC_ALL": index == 0 ? "C" : "C.UTF-8"]
            slipway.directory = index == 0 ? folder.url : example.folder
            slipway.mask = index == 0 ? "022" : "077"
            try Bases.load(example.expectation.base, into: slipway)
            let built = try slipway.run("build", "--no-cache", "-t", "example", example.folder.path)
            #expect(built.status == 0, "\(built.errors)")
            digests.insert(built.text)
        }
        #expect(digests.count == 1)
    }

    private func check(_ example: Example, _ slipway: SlipwayProgram, _ folder: URL) throws {
        let inspected = try slipway.run("inspect", "--config", "example")
        let object = try JSONSerialization.jsonObject(with: inspected.output)
        let image = try #require(object as? [String: Any])
        let actual = try #require(image["config"] as? [String: Any])
        let wanted = try #require(try JSONSerialization.jsonObject(with: example.configuration) as? [String: Any])
        for (key, value) in wanted {
            let found = try #require(actual[key] as? NSObject, "config has no \(key)")
            #expect(found == value as? NSObject, "config.\(key)")
        }

        let root = folder.appendingPathComponent("root")
        let exported = try slipway.run("build", "-o", "type=local,dest=\(root.path)", example.folder.path)
        #expect(exported.status == 0, "\(exported.errors)")
        for (path, file) in example.expectation.files {
            try check(file, at: root.path + path)
        }
    }

    private func check(_ file: Example.Expectation.File, at path: String) throws {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        let types: [FileAttributeType: String] = [
            .typeRegular: "file", .typeDirectory: "dir", .typeSymbolicLink: "link",
        ]
        if let type = file.type {
            #expect(types[attributes[.type] as? FileAttributeType ?? .typeUnknown] == type, "\(path)")
        }
        if let mode = file.mode {
            #expect(attributes[.posixPermissions] as? Int == Int(mode, radix: 8), "mode of \(path)")
        }
        if let uid = file.uid { #expect(attributes[.ownerAccountID] as? Int == uid, "owner of \(path)") }
        if let gid = file.gid { #expect(attributes[.groupOwnerAccountID] as? Int == gid, "group of \(path)") }
        if let content = file.content {
            #expect(try String(contentsOfFile: path, encoding: .utf8) == content, "content of \(path)")
        }
        if let target = file.target {
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: path) == target, "target of \(path)")
        }
    }

    /// Runs a command of the image with runc on what umoci unpacked.
    private func checkCommand(_ example: Example, _ archive: URL, _ folder: URL) throws {
        guard let run = example.expectation.run, Command.exists("skopeo"), Command.exists("umoci"),
            Command.exists("runc")
        else { return }
        let bundle = folder.appendingPathComponent("bundle")
        let layout = folder.appendingPathComponent("layout")
        let copied = try Command.run(
            "skopeo",
            "copy",
            "--quiet",
            "oci-archive:\(archive.path)",
            "oci:\(layout.path):example"
        )
        #expect(copied.status == 0, "\(copied.errors)")
        let unpacked = try Command.run("umoci", "unpack", "--image", "\(layout.path):example", bundle.path)
        #expect(unpacked.status == 0, "\(unpacked.errors)")
        let output = try Container.run(run.command, in: bundle)
        #expect(output.status == 0, "\(output.errors)")
        if let wanted = run.output { #expect(output.text == wanted) }
    }
}
