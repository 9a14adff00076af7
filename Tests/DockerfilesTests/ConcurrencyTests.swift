import Foundation
import TestSupport
import Testing

/// Several processes on one state directory.
@Suite(.serialized, .enabled(if: Workbench.isUsable, Workbench.reason)) struct ConcurrencyTests {
    private static let dockerfile = """
        FROM busybox AS build
        ARG WORD=same
        COPY data /data
        RUN --mount=type=cache,target=/cache echo $WORD >> /cache/log && echo $WORD > /word && cp -r /data /made

        FROM busybox
        COPY --from=build /made /word /out/
        RUN cat /out/word && rm -r /data || true
        """

    private func makeContext(_ bench: Workbench) throws -> URL {
        var files = ["Dockerfile": Self.dockerfile]
        for number in 0..<50 { files["data/\(number)"] = String(repeating: "\(number)", count: 1000) }
        return try bench.context(files)
    }

    @Test func buildersOfOneDockerfileMakeOneImage() throws {
        try Workbench.run { bench in
            let context = try makeContext(bench)
            let builds = try (0..<8).map { number in
                try bench.slipway.start(["build", "--progress", "plain", "-t", "made:\(number)", context.path])
            }
            let ended = try builds.map { try $0.wait() }
            for built in ended { #expect(built.status == 0, "\(built.errors)") }
            #expect(Set(ended.map(\.digest)).count == 1)

            let names = try bench.slipway.run("images", "--format", "json").text.split(separator: "\n")
            #expect(names.count == 9, "eight names and the base")
            try expectWhole("made:7", bench)
        }
    }

    @Test func buildersOfDifferentDockerfilesDoNotDisturbEachOther() throws {
        try Workbench.run { bench in
            let context = try makeContext(bench)
            let words = (0..<4).map { "word\($0)" }
            let builds = try words.map { word in
                try bench.slipway.start([
                    "build", "--progress", "plain", "-t", word, "--build-arg", "WORD=\(word)", context.path,
                ])
            }
            let ended = try builds.map { try $0.wait() }
            for built in ended { #expect(built.status == 0, "\(built.errors)") }
            #expect(Set(ended.map(\.digest)).count == words.count)
            for (word, built) in zip(words, ended) {
                let alone = try bench.expectBuild(context, "--no-cache", "--build-arg", "WORD=\(word)")
                #expect(alone.digest == built.digest)
                try expectWhole(word, bench)
            }
        }
    }

    @Test func removingImagesWhileOthersAreBuiltTakesNothingFromThem() throws {
        try Workbench.run { bench in
            let context = try makeContext(bench)
            for word in ["old1", "old2", "old3"] {
                _ = try bench.expectBuild(context, "-t", word, "--build-arg", "WORD=\(word)")
            }
            let builds = try (0..<3).map { number in
                try bench.slipway.start([
                    "build", "--progress", "plain", "-t", "new\(number)", "--build-arg", "WORD=new\(number)",
                    context.path,
                ])
            }
            let removals = try ["old1", "old2", "old3"].map { try bench.slipway.start(["rmi", $0]) }
            for removal in removals {
                let removed = try removal.wait()
                #expect(removed.status == 0, "\(removed.errors)")
            }
            for build in builds {
                let built = try build.wait()
                #expect(built.status == 0, "\(built.errors)")
            }
            for number in 0..<3 { try expectWhole("new\(number)", bench) }
        }
    }

    /// Expects that an image of the store can be written out, each blob with its digest.
    private func expectWhole(
        _ image: String,
        _ bench: Workbench,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let archive = bench.folder.appendingPathComponent("whole.tar")
        let saved = try bench.slipway.run("save", "--format", "oci-archive", "-o", archive.path, image)
        #expect(saved.status == 0, "\(saved.errors)", sourceLocation: sourceLocation)
        let layout = try ImageLayout(archive: archive)
        #expect(try layout.damaged == [], sourceLocation: sourceLocation)
    }
}
