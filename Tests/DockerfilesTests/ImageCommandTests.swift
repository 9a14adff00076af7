import Foundation
import TestSupport
import Testing

/// The commands that list, name, explain and remove images.
@Suite(.serialized, .enabled(if: Workbench.isUsable, Workbench.reason)) struct ImageCommandTests {
    private struct Listed: Decodable, Equatable {
        let Repository: String
        let Tag: String
        let Digest: String
    }

    private func images(_ bench: Workbench) throws -> [Listed] {
        let listed = try bench.slipway.run("images", "--format", "json")
        #expect(listed.status == 0, "\(listed.errors)")
        return try listed.text.split(separator: "\n").map { try JSONDecoder().decode(Listed.self, from: Data($0.utf8)) }
    }

    private func blobs(_ bench: Workbench) throws -> Set<String> {
        Set(try FileManager.default.contentsOfDirectory(atPath: bench.state.path + "/oci/blobs/sha256"))
    }

    @Test func namesPointAtImagesAndMove() throws {
        try Workbench.run { bench in
            let one = try bench.context(["Dockerfile": "FROM busybox\nLABEL number=1\n"], named: "one")
            let two = try bench.context(["Dockerfile": "FROM busybox\nLABEL number=2\n"], named: "two")
            let first = try bench.expectBuild(one, "-t", "app").digest
            #expect(try bench.slipway.run("tag", "app", "example.org/team/app:v1").status == 0)
            let second = try bench.expectBuild(two, "-t", "app").digest
            #expect(first != second)
            let listed = try images(bench)
            #expect(listed.contains(Listed(Repository: "app", Tag: "latest", Digest: second)))
            #expect(listed.contains(Listed(Repository: "example.org/team/app", Tag: "v1", Digest: first)))
            let table = try bench.slipway.run("images").text.split(separator: "\n")
            #expect(table.first?.hasPrefix("NAME") == true)
            #expect(table.count == 4)
            let quiet = try bench.slipway.run("images", "--quiet", "--no-trunc").text
            #expect(quiet.contains(first) && quiet.contains(second))
        }
    }

    @Test func historyTellsEachInstructionNewestFirst() throws {
        try Workbench.run { bench in
            let context = try bench.context(["Dockerfile": "FROM busybox\nENV A=b\nRUN touch /a\nCMD [\"true\"]\n"])
            _ = try bench.expectBuild(context, "-t", "app")
            let told = try bench.slipway.run("history", "--no-trunc", "app").text.split(separator: "\n").dropFirst()
            let wanted = [
                "CMD [\"true\"]", "RUN /bin/sh -c touch /a # buildkit", "ENV A=b", "imported root file system",
            ]
            for (line, text) in zip(told, wanted) { #expect(line.hasSuffix(text), "\(line)") }
            #expect(told.count >= wanted.count)
        }
    }

    @Test func inspectPrintsTheDocumentsAsTheyStand() throws {
        try Workbench.run { bench in
            let context = try bench.context(["Dockerfile": "FROM busybox\nLABEL a=b\nUSER 1000\n"])
            let built = try bench.expectBuild(context, "-t", "app")
            let manifest = bench.folder.appendingPathComponent("manifest")
            let printed = try bench.slipway.run("inspect", "--manifest", "app").output
            #expect(printed.last == UInt8(ascii: "\n"))
            try printed.dropLast().write(to: manifest)
            let sum = try Command.run("sha256sum", manifest.path)
            #expect("sha256:\(sum.text.prefix(64))" == built.digest, "the bytes of the image, and the end of the line")

            let config = try bench.slipway.run("inspect", "--config", "app")
            let object = try JSONSerialization.jsonObject(with: config.output) as? [String: Any]
            let values = try #require(object?["config"] as? [String: Any])
            #expect(values["User"] as? String == "1000")
            let byDigest = try bench.slipway.run("inspect", "--config", built.digest)
            #expect(byDigest.output == config.output)
        }
    }

    @Test func removingTheLastNameRemovesWhatNothingElseNeeds() throws {
        try Workbench.run { bench in
            let before = try blobs(bench)
            let context = try bench.context(["Dockerfile": "FROM busybox\nRUN echo app > /app\n"])
            let built = try bench.expectBuild(context, "-t", "app:1", "-t", "app:2")
            let hash = String(built.digest.dropFirst("sha256:".count))
            #expect(try blobs(bench).contains(hash))

            #expect(try bench.slipway.run("rmi", "app:1").text.contains("Untagged"))
            #expect(try blobs(bench).contains(hash), "the other name still needs it")
            let removed = try bench.slipway.run("rmi", "app:2")
            #expect(removed.status == 0, "\(removed.errors)")
            #expect(removed.text.contains("Deleted: \(built.digest)"), "\(removed.text)")
            #expect(!(try blobs(bench).contains(hash)))
            #expect(before.isSubset(of: try blobs(bench)), "the base is still whole")
            #expect(try images(bench).map(\.Repository) == ["busybox"])

            let again = try bench.expectBuild(context, "-t", "app:1")
            #expect(again.digest == built.digest)
            #expect(try bench.slipway.run("save", "-o", bench.path("saved"), "app:1").status == 0)
        }
    }

    @Test func aBaseThatAnImageStandsOnKeepsItsLayersWhenItsNameGoes() throws {
        try Workbench.run { bench in
            let context = try bench.context(["Dockerfile": "FROM busybox\nRUN echo app > /app\n"])
            _ = try bench.expectBuild(context, "-t", "app")
            #expect(try bench.slipway.run("rmi", "busybox").status == 0)
            let saved = try bench.slipway.run("save", "--format", "oci-archive", "-o", bench.path("saved"), "app")
            #expect(saved.status == 0, "\(saved.errors)")
            #expect(try ImageLayout(archive: bench.folder.appendingPathComponent("saved")).damaged == [])
        }
    }

    @Test func importMakesOneLayerAndTakesInstructions() throws {
        try Workbench.run { bench in
            try Command.shell(
                "mkdir \"$1/root\"; echo hi > \"$1/root/hi\"; tar -C \"$1/root\" -cf \"$1/t.tar\" .",
                bench.folder.path
            )
            let tar = bench.folder.appendingPathComponent("t.tar")
            let changes = ["--change", "ENV A=b", "--change", "ENTRYPOINT [\"/hi\"]"]
            let fromFile = try bench.slipway.run(["import"] + changes + [tar.path, "made"])
            let fromInput = try bench.slipway.run(["import"] + changes + ["-", "made2"], input: tar)
            #expect(fromFile.status == 0, "\(fromFile.errors)")
            #expect(fromFile.digest == fromInput.digest)
            let config = try bench.slipway.run("inspect", "--config", "made").text
            #expect(config.contains("\"A=b\"]") && config.contains("\"Entrypoint\":[\"/hi\"]"), "\(config)")
        }
    }

    @Test(arguments: [
        ["tag", "none", "a"], ["rmi", "none"], ["inspect", "none"], ["history", "none"], ["save", "none"],
    ])
    func anUnknownImageIsAnErrorThatNamesIt(_ arguments: [String]) throws {
        try Workbench.run { bench in
            let ended = try bench.slipway.run(arguments)
            #expect(ended.status == 1)
            #expect(ended.errors.contains("`none`"), "\(ended.errors)")
            #expect(ended.text == "")
        }
    }
}
