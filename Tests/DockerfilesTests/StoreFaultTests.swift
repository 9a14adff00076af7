import Foundation
import TestSupport
import Testing

/// A state directory that was damaged, or has no room.
@Suite(.serialized, .enabled(if: Workbench.isUsable, Workbench.reason)) struct StoreFaultTests {
    private static let hello = Testdata.repository.appendingPathComponent("Dockerfiles/hello")

    /// What happens to a blob, as lines of a shell that sees it as `$1`.
    struct Fault: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let script: String

        static let all = [
            Fault(testDescription: "truncated", script: "truncate -s -1 \"$1\""),
            Fault(testDescription: "emptied", script: ": > \"$1\""),
            Fault(
                testDescription: "changed",
                script: """
                    middle=$(($(stat -c %s "$1") / 2))
                    byte=$(od -An -tu1 -j$middle -N1 "$1")
                    printf "\\\\$(printf %o $((byte ^ 1)))" | dd of="$1" bs=1 seek=$middle conv=notrunc status=none
                    """
            ),
            Fault(testDescription: "deleted", script: "rm \"$1\""),
        ]
    }

    @Test(arguments: Fault.all)
    func aDamagedBlobFailsClearlyOrIsMadeAnewButNeverBecomesAnImage(_ fault: Fault) throws {
        try Workbench.run { bench in
            let built = try bench.expectBuild(Self.hello, "-t", "hello")
            let folder = bench.state.path + "/oci/blobs/sha256"
            for blob in try FileManager.default.contentsOfDirectory(atPath: folder).sorted() {
                // A copy each, so that no fault hides another.
                let copy = bench.folder.appendingPathComponent("copy")
                try Command.shell("rm -rf \"$2\"; cp -a \"$1\" \"$2\"", bench.state.path, copy.path)
                try Command.shell(fault.script, copy.path + "/oci/blobs/sha256/" + blob)
                let slipway = SlipwayProgram(state: copy)
                for arguments in [["save", "--format", "oci-archive", "-o"], ["build", "-o"]] {
                    let archive = bench.folder.appendingPathComponent("archive")
                    try? FileManager.default.removeItem(at: archive)
                    let ended =
                        arguments[0] == "save"
                        ? try slipway.run(arguments + [archive.path, "hello"])
                        : try slipway.run(arguments + ["type=oci,dest=\(archive.path)", Self.hello.path])
                    if ended.status == 0 {
                        let layout = try ImageLayout(archive: archive)
                        #expect(try layout.damaged == [], "\(arguments[0]) after \(blob) was \(fault)")
                        #expect(try layout.manifests == [built.digest])
                    } else {
                        #expect(ended.errors.contains(blob), "the error names the blob: \(ended.errors)")
                        #expect(!FileManager.default.fileExists(atPath: archive.path), "half an archive is left")
                    }
                }
            }
        }
    }

    @Test func aChangedLayerIsMadeAnewWithoutTheCache() throws {
        try Workbench.run { bench in
            let first = try bench.expectBuild(Self.hello, "-t", "hello")
            struct Manifest: Decodable {
                struct Layer: Decodable { let digest: String }
                let layers: [Layer]
            }
            let manifest = try bench.slipway.run("inspect", "--manifest", "hello")
            for layer in try JSONDecoder().decode(Manifest.self, from: manifest.output).layers {
                let blob = bench.state.path + "/oci/blobs/sha256/" + layer.digest.dropFirst("sha256:".count)
                let fault = try #require(Fault.all.first { $0.testDescription == "changed" })
                try Command.shell(fault.script, blob)
            }
            let archive = bench.folder.appendingPathComponent("archive")
            let second = try bench.expectBuild(Self.hello, "--no-cache", "-o", "type=oci,dest=\(archive.path)")
            #expect(first.digest == second.digest)
            #expect(try ImageLayout(archive: archive).damaged == [])
        }
    }

    @Test(arguments: ["garbage", "half", "empty", "missing"])
    func aDamagedDatabaseMeansAColdCache(_ fault: String) throws {
        try Workbench.run { bench in
            let first = try bench.expectBuild(Self.hello, "-t", "hello")
            let scripts = [
                "garbage": "head -c 100000 /dev/urandom > \"$1\"", "half": "truncate -s 9000 \"$1\"",
                "empty": ": > \"$1\"",
                "missing": "rm \"$1\"",
            ]
            try Command.shell(
                "rm -f \"$1\"-wal \"$1\"-shm; \(try #require(scripts[fault]))",
                bench.state.appendingPathComponent("state.db").path
            )
            // What has a name in the layout is still there.
            let second = try bench.build(Self.hello, "-t", "hello")
            #expect(second.status == 0, "\(second.errors)")
            #expect(second.digest == first.digest)
            let third = try bench.expectBuild(Self.hello)
            #expect(third.steps.values.contains("CACHED") && third.digest == first.digest)
        }
    }

    @Test func aFullDiskIsNamedAndNothingHalfIsPublished() throws {
        try Workbench.run { bench in
            let disk = bench.folder.appendingPathComponent("disk")
            try FileManager.default.createDirectory(at: disk, withIntermediateDirectories: false)
            let mounted = try Command.run("mount", "-t", "tmpfs", "-o", "size=8m", "slipway-test", disk.path)
            guard mounted.status == 0 else { try Test.cancel("no tmpfs can be mounted here: \(mounted.errors)") }
            defer { _ = try? Command.run("umount", disk.path) }
            let slipway = SlipwayProgram(state: disk.appendingPathComponent("state"))
            try Bases.load("busybox", into: slipway)

            let context = try bench.context(["Dockerfile": "FROM busybox\nCOPY big /big\nRUN wc -c < /big\n"])
            try Command.shell("head -c 20000000 /dev/urandom > \"$1/big\"", context.path)
            let before = try blobs(slipway)
            let failed = try slipway.run("build", "--progress", "plain", context.path)
            #expect(failed.status == 1)
            #expect(failed.failure.contains("no space left on device"), "\(failed.errors)")
            #expect(failed.failure.contains("hint: free space"), "\(failed.errors)")
            #expect(failed.failure.contains(">>> 2 | COPY big /big"), "\(failed.errors)")
            #expect(try blobs(slipway) == before)
            #expect(HostState.leftovers(in: slipway.state) == [])

            #expect(try Command.run("mount", "-o", "remount,size=200m", disk.path).status == 0)
            let built = try slipway.run("build", "--progress", "plain", context.path)
            #expect(built.status == 0, "\(built.errors)")
            let elsewhere = try bench.expectBuild(context)
            #expect(built.digest == elsewhere.digest)
        }
    }

    private func blobs(_ slipway: SlipwayProgram) throws -> Set<String> {
        Set(try FileManager.default.contentsOfDirectory(atPath: slipway.state.path + "/oci/blobs/sha256"))
    }
}
