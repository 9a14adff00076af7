import Foundation
import TestSupport
import Testing

/// Writes the hello example in every form, and lets other tools read it.
@Suite(.serialized, .enabled(if: Workbench.isUsable, Workbench.reason)) struct ExportTests {
    private static let hello = Testdata.repository.appendingPathComponent("Dockerfiles/hello")
    private static let greeting = "Hello, world. This image was built by slipway.\n"

    @Test func anArchiveGoesToAFileAFolderOrStandardOutput() throws {
        try Workbench.run { bench in
            let built = try bench.expectBuild(
                Self.hello,
                "-o",
                "type=oci,dest=\(bench.path("oci.tar"))",
                "-o",
                "type=oci,tar=false,dest=\(bench.path("layout"))"
            )
            let archive = try ImageLayout(archive: bench.folder.appendingPathComponent("oci.tar"))
            #expect(try archive.manifests == [built.digest])
            #expect(archive.blobs.count == 4, "manifest, configuration and two layers")
            #expect(try archive.damaged == [])
            let compared = try Command.run("diff", "--recursive", archive.folder.path, bench.path("layout"))
            #expect(compared.status == 0, "\(compared.text)")

            for type in ["oci", "docker"] {
                let file = bench.path("\(type).file")
                _ = try bench.expectBuild(Self.hello, "-o", "type=\(type),name=hello,dest=\(file)")
                let streamed = try bench.build(Self.hello, "-o", "type=\(type),name=hello,dest=-")
                #expect(streamed.status == 0, "\(streamed.errors)")
                let written = try Data(contentsOf: URL(fileURLWithPath: file))
                #expect(streamed.output == written, "\(type): nothing but the archive")
            }
        }
    }

    @Test func aFolderAndATarHoldTheFilesOfTheImage() throws {
        try Workbench.run { bench in
            _ = try bench.expectBuild(
                Self.hello,
                "-o",
                bench.path("root"),
                "-o",
                "type=tar,dest=\(bench.path("root.tar"))"
            )
            let root = bench.folder.appendingPathComponent("root")
            #expect(
                try FileManager.default.subpathsOfDirectory(atPath: root.path).sorted() == [
                    "bin", "bin/cat", "hello.txt",
                ]
            )
            #expect(try String(contentsOf: root.appendingPathComponent("hello.txt"), encoding: .utf8) == Self.greeting)
            let unpacked = try ImageLayout(archive: bench.folder.appendingPathComponent("root.tar"))
            let compared = try Command.run("diff", "--recursive", root.path, unpacked.folder.path)
            #expect(compared.status == 0, "\(compared.text)")
            for destination in ["-", "type=tar,dest=-"] {
                let streamed = try bench.build(Self.hello, "-o", destination)
                #expect(streamed.output == (try Data(contentsOf: bench.folder.appendingPathComponent("root.tar"))))
            }
        }
    }

    @Test(.enabled(if: Command.exists("skopeo"), "needs skopeo"))
    func skopeoReadsBothArchivesAndKeepsTheDigest() throws {
        try Workbench.run { bench in
            let built = try bench.expectBuild(
                Self.hello,
                "-o",
                "type=oci,name=hello:1,dest=\(bench.path("oci.tar"))",
                "-o",
                "type=docker,name=hello:1,dest=\(bench.path("docker.tar"))"
            )
            struct Inspected: Decodable {
                let Digest: String
                let Labels: [String: String]
                let Layers: [String]
            }
            for archive in ["oci-archive:\(bench.path("oci.tar"))", "docker-archive:\(bench.path("docker.tar"))"] {
                let inspected = try Command.run("skopeo", "inspect", archive)
                try #require(inspected.status == 0, "\(inspected.errors)")
                let image = try JSONDecoder().decode(Inspected.self, from: inspected.output)
                #expect(image.Labels == ["org.opencontainers.image.title": "hello"])
                #expect(image.Layers.count == 2)
                // The manifest of a docker archive is made up by who reads it.
                if archive.hasPrefix("oci") { #expect(image.Digest == built.digest) }
            }
            let copied = try Command.run(
                "skopeo",
                "copy",
                "--quiet",
                "oci-archive:\(bench.path("oci.tar"))",
                "dir:\(bench.path("copy"))"
            )
            try #require(copied.status == 0, "\(copied.errors)")
            let sum = try Command.run("sha256sum", bench.path("copy/manifest.json"))
            #expect("sha256:\(sum.text.prefix(64))" == built.digest)
        }
    }

    @Test(.enabled(if: Command.exists("skopeo"), "needs skopeo"), arguments: ["uncompressed", "gzip", "zstd"])
    func aCompressionChangesTheLayersAndNotTheirContent(_ compression: String) throws {
        try Workbench.run { bench in
            let archive = bench.path("image.tar")
            _ = try bench.expectBuild(
                Self.hello,
                "-t",
                "hello",
                "-o",
                "type=oci,compression=\(compression),force-compression=true,dest=\(archive)"
            )
            let copied = try Command.run(
                "skopeo",
                "copy",
                "--quiet",
                "--dest-decompress",
                "oci-archive:\(archive)",
                "dir:\(bench.path("copy"))"
            )
            try #require(copied.status == 0, "\(copied.errors)")
            struct Configuration: Decodable {
                struct RootFS: Decodable { let diff_ids: [String] }
                let rootfs: RootFS
            }
            let printed = try bench.slipway.run("inspect", "--config", "hello").output
            for layer in try JSONDecoder().decode(Configuration.self, from: printed).rootfs.diff_ids {
                let file = bench.path("copy/\(layer.dropFirst("sha256:".count))")
                #expect(FileManager.default.fileExists(atPath: file), "\(layer)")
            }
            #expect(try ImageLayout(archive: URL(fileURLWithPath: archive)).damaged == [])
        }
    }

    @Test(.enabled(if: Command.exists("umoci") && Command.exists("runc"), "needs umoci and runc"))
    func umociUnpacksItAndRuncRunsItsCommand() throws {
        try Workbench.run { bench in
            _ = try bench.expectBuild(Self.hello, "-o", "type=oci,tar=false,name=hello:1,dest=\(bench.path("layout"))")
            let bundle = bench.folder.appendingPathComponent("bundle")
            let unpacked = try Command.run("umoci", "unpack", "--image", "\(bench.path("layout")):1", bundle.path)
            try #require(unpacked.status == 0, "\(unpacked.errors)")
            let output = try Container.run(["/bin/cat", "/hello.txt"], in: bundle)
            #expect(output.status == 0, "\(output.errors)")
            #expect(output.text == Self.greeting)
        }
    }

    @Test(.enabled(if: Command.exists("podman"), "needs podman"), arguments: ["docker", "oci"])
    func podmanLoadsIt(_ type: String) throws {
        try Workbench.run { bench in
            let podman = ["--root", bench.path("storage"), "--runroot", bench.path("run"), "--storage-driver", "vfs"]
            let works = try RunningCommand([try #require(Command.path("podman"))] + podman + ["info"]).wait()
            guard works.status == 0 else { try Test.cancel("podman does not run here: \(works.errors)") }
            let archive = bench.path("image.tar")
            _ = try bench.expectBuild(Self.hello, "-t", "hello:1", "-o", "type=\(type),name=hello:1,dest=\(archive)")
            let loaded = try RunningCommand(
                [try #require(Command.path("podman"))] + podman + ["load", "--input", archive]
            ).wait()
            #expect(loaded.status == 0, "\(loaded.errors)")
            let listed = try RunningCommand(
                [try #require(Command.path("podman"))] + podman + [
                    "images", "--no-trunc", "--format", "{{.ID}} {{.Names}}",
                ]
            ).wait()
            #expect(listed.text.hasPrefix(try configurationDigest("hello:1", bench)), "\(listed.text)")
            #expect(listed.text.contains("hello:1"), "\(listed.text)")
        }
    }

    @Test(.enabled(if: Command.exists("docker") && Command.exists("dockerd"), "needs docker and dockerd"))
    func dockerLoadsIt() throws {
        try Workbench.run { bench in
            let daemon: DockerDaemon
            do { daemon = try DockerDaemon() } catch { try Test.cancel("dockerd does not start here: \(error)") }
            let archive = bench.path("image.tar")
            _ = try bench.expectBuild(Self.hello, "-t", "hello:1", "-o", "type=docker,name=hello:1,dest=\(archive)")
            let loaded = try daemon.run("load", "--input", archive)
            #expect(loaded.status == 0, "\(loaded.errors)")
            let listed = try daemon.run("images", "--no-trunc", "--format", "{{.ID}} {{.Repository}}:{{.Tag}}")
            #expect(listed.digest == "\(try configurationDigest("hello:1", bench)) hello:1")
            let layers = try daemon.run("inspect", "--format", "{{json .RootFS.Layers}}", "hello:1")
            #expect(try JSONDecoder().decode([String].self, from: layers.output).count == 2, "\(layers.errors)")
        }
    }

    @Test(arguments: ["docker-archive", "oci-archive"])
    func whatIsSavedAndLoadedKeepsItsDigest(_ format: String) throws {
        try Workbench.run { bench in
            let built = try bench.expectBuild(Self.hello, "-t", "hello:1", "-t", "other/name:2")
            let archive = bench.folder.appendingPathComponent("saved.tar")
            let saved = try bench.slipway.run("save", "--format", format, "hello:1", "other/name:2")
            #expect(saved.status == 0, "\(saved.errors)")
            try saved.output.write(to: archive)

            let other = SlipwayProgram(state: bench.folder.appendingPathComponent("other"))
            let loaded = try other.run(["load"], input: archive)
            #expect(loaded.status == 0, "\(loaded.errors)")
            for name in ["hello:1", "other/name:2"] {
                let digests = try [bench.slipway, other].map { try $0.run("inspect", "--manifest", name).output }
                #expect(digests[0] == digests[1], "\(name)")
            }
            let again = try other.run("save", "--format", format, "hello:1", "other/name:2")
            #expect(again.output == saved.output, "the archive of the loaded image is the same")
            let context = try bench.context(["Dockerfile": "FROM hello:1\nLABEL a=b\n"])
            let derived = try other.run("build", "--progress", "plain", context.path)
            #expect(derived.status == 0, "\(derived.errors)")
            #expect(built.digest.hasPrefix("sha256:"))
        }
    }

    /// The digest of an image's configuration, which docker and podman take for its name.
    private func configurationDigest(_ name: String, _ bench: Workbench) throws -> String {
        struct Manifest: Decodable {
            struct Descriptor: Decodable { let digest: String }
            let config: Descriptor
        }
        let manifest = try bench.slipway.run("inspect", "--manifest", name)
        return try JSONDecoder().decode(Manifest.self, from: manifest.output).config.digest
    }
}
