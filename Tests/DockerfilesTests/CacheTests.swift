import Foundation
import TestSupport
import Testing

/// What is taken from the cache, what is not, and that neither changes the image.
@Suite(.serialized, .enabled(if: Workbench.isUsable, Workbench.reason)) struct CacheTests {
    private static let dockerfile = """
        FROM busybox
        ARG WHO=world
        ENV GREETING=hello
        COPY data /data
        RUN echo "$GREETING $WHO" > /greeting && mkdir /out && cp -r /data /out
        """

    private func makeContext(_ bench: Workbench) throws -> URL {
        try bench.context([
            "Dockerfile": Self.dockerfile, "data/one.txt": "one\n", "data/two.txt": "two\n", "other.txt": "other\n",
        ])
    }

    private static let copy = "COPY data /data"

    /// The title of the RUN.
    private static let run = "RUN echo \"$GREETING $WHO\" > /greeting && mkdir /out && cp -r /data /out"

    /// A change of the context or the arguments, as lines of a shell in the context, and how COPY and RUN then end.
    struct Change: Sendable, CustomTestStringConvertible {
        let name: String
        var script = "true"
        var arguments: [String] = []
        let copy: String
        let run: String

        var testDescription: String { name }

        static let all = [
            Change(name: "nothing", copy: "CACHED", run: "CACHED"),
            Change(name: "times", script: "touch -d @1000000000 data data/*", copy: "CACHED", run: "CACHED"),
            Change(
                name: "bytes and back",
                script: "printf one > data/one.txt; echo one > data/one.txt",
                copy: "CACHED",
                run: "CACHED"
            ),
            Change(name: "owner", script: "chown 7:7 data/one.txt", copy: "CACHED", run: "CACHED"),
            Change(name: "a file outside of COPY", script: "echo x > other.txt", copy: "CACHED", run: "CACHED"),
            Change(
                name: "the same file anew",
                script: "cp data/one.txt x; mv x data/one.txt",
                copy: "CACHED",
                run: "CACHED"
            ),
            Change(
                name: "an unrelated argument",
                arguments: ["--build-arg", "HTTP_PROXY=http://x"],
                copy: "CACHED",
                run: "CACHED"
            ),
            Change(name: "a comment", script: "sed -i '1a # comment' Dockerfile", copy: "CACHED", run: "CACHED"),
            Change(name: "a byte of the same size", script: "echo onf > data/one.txt", copy: "DONE", run: "DONE"),
            Change(name: "a mode", script: "chmod 0600 data/one.txt", copy: "DONE", run: "DONE"),
            Change(name: "a name", script: "mv data/one.txt data/first.txt", copy: "DONE", run: "DONE"),
            Change(name: "one file less", script: "rm data/two.txt", copy: "DONE", run: "DONE"),
            Change(name: "a folder more", script: "mkdir data/empty", copy: "DONE", run: "DONE"),
            Change(name: "a link for a file", script: "ln -sf one.txt data/two.txt", copy: "DONE", run: "DONE"),
            Change(name: "an ARG", arguments: ["--build-arg", "WHO=moon"], copy: "CACHED", run: "DONE"),
            Change(name: "an ENV", script: "sed -i s/=hello/=bye/ Dockerfile", copy: "CACHED", run: "DONE"),
            Change(name: "a command", script: "sed -i 's/cp -r/cp -R/' Dockerfile", copy: "CACHED", run: "DONE"),
        ]
    }

    @Test(arguments: Change.all)
    func aChangeOf(_ change: Change) throws {
        try Workbench.run { bench in
            let context = try makeContext(bench)
            let first = try bench.expectBuild(context)
            try Command.shell("cd \"$1\"; \(change.script)", context.path)
            let second = try bench.build(context, arguments: change.arguments)
            #expect(second.status == 0, "\(second.errors)")
            #expect(second.steps[Self.copy] == change.copy, "\(second.errors)")
            let run = second.steps.filter { $0.key.hasPrefix("RUN") }.map(\.value)
            #expect(run == [change.run], "\(second.errors)")
            #expect((first.digest == second.digest) == (change.run == "CACHED"))
            guard change.run != "CACHED" else { return }
            // What was made partly from the cache is what a build without one makes.
            let fresh = try bench.build(context, arguments: change.arguments + ["--no-cache"])
            #expect(fresh.steps.values.filter { $0 == "CACHED" }.count == 1, "only the base is not made anew")
            #expect(fresh.digest == second.digest)
        }
    }

    @Test func anotherBaseOfTheSameNameIsAMiss() throws {
        try Workbench.run { bench in
            let context = try bench.context(["Dockerfile": "FROM base\nRUN cat /version > /copy\n"])
            for (version, ending) in [("1", "DONE"), ("2", "DONE"), ("1", "CACHED")] {
                let base = try bench.context(
                    ["Dockerfile": "FROM busybox\nCOPY version /\n", "version": version],
                    named: "base"
                )
                _ = try bench.expectBuild(base, "-t", "base")
                let built = try bench.expectBuild(context)
                #expect(built.steps["RUN cat /version > /copy"] == ending)
            }
        }
    }

    @Test func whatStandsAboveARebuiltButIdenticalStepStaysCached() throws {
        try Workbench.run { bench in
            func make(_ word: String) -> String {
                """
                FROM busybox AS tools
                RUN : \(word) && echo same > /file
                RUN cat /file > /copy

                FROM busybox
                COPY --from=tools /copy /copy
                RUN cat /copy > /again
                """
            }
            let first = try bench.expectBuild(try bench.context(["Dockerfile": make("one")]))
            let second = try bench.expectBuild(try bench.context(["Dockerfile": make("two")]))
            #expect(second.steps["RUN : two && echo same > /file"] == "DONE")
            #expect(second.steps["RUN cat /file > /copy"] == "CACHED")
            #expect(second.steps["COPY --from=tools /copy /copy"] == "CACHED")
            #expect(second.steps["RUN cat /copy > /again"] == "CACHED")
            #expect(first.digest == second.digest)
        }
    }

    @Test func aFilterRunsOneStageAnew() throws {
        try Workbench.run { bench in
            let context = try bench.context([
                "Dockerfile": """
                FROM busybox AS one
                RUN echo 1 > /one

                FROM busybox AS two
                COPY --from=one /one /one
                RUN echo 2 > /two
                """
            ])
            let first = try bench.expectBuild(context)
            let second = try bench.expectBuild(context, "--no-cache-filter", "two")
            #expect(second.steps["RUN echo 1 > /one"] == "CACHED")
            #expect(second.steps["RUN echo 2 > /two"] == "DONE")
            #expect(first.digest == second.digest)
        }
    }

    @Test func aFailedStepIsNotCachedAndWhatStoodBeforeItIs() throws {
        try Workbench.run { bench in
            let context = try bench.context(["Dockerfile": "FROM busybox\nRUN touch /a\nRUN cat /proc/self/none\n"])
            for ending in ["DONE", "CACHED"] {
                let built = try bench.build(context)
                #expect(built.status == 1)
                #expect(built.steps["RUN touch /a"] == ending)
                #expect(built.steps["RUN cat /proc/self/none"] == "ERROR")
            }
        }
    }

    @Test func whatACommandWritesHasTheTimeOfItsInputs() throws {
        try Workbench.run { bench in
            let context = try bench.context([
                "Dockerfile": "FROM busybox\nRUN touch -d @1900000000 /a && mkdir /b && touch /b/c\n"
            ])
            let built = try bench.expectBuild(
                context,
                "-o",
                bench.path("root"),
                "-o",
                "type=tar,dest=\(bench.path("tar"))"
            )
            #expect(built.status == 0)
            let listed = try Command.run(
                "tar",
                "--list",
                "--verbose",
                "--full-time",
                "--utc",
                "--file",
                bench.path("tar")
            )
            let lines = listed.text.split(separator: "\n").map(String.init)
            for name in ["a", "b/", "b/c"] {
                let line = try #require(lines.first { $0.hasSuffix(" \(name)") })
                // The time of the base image, to the second.
                #expect(line.contains("2023-11-14 22:13:20"), "\(line)")
            }
        }
    }

    @Test func timeZoneMaskFolderAndStateDoNotShowInTheImage() throws {
        var digests: Set<String> = []
        for (mask, zone, locale) in [
            ("022", "UTC", "C"), ("077", "Asia/Kathmandu", "C.UTF-8"), ("000", "America/Lima", "POSIX"),
        ] {
            try Workbench.run { bench in
                let context = try makeContext(bench)
                // The checkout of another user, at another time.
                try Command.shell("chown -R 5:5 \"$1\"; touch -d @1700000005 \"$1\"/*", context.path)
                try Command.shell("find \"$1/data\" -exec touch -d @1700000005 {} +", context.path)
                var slipway = bench.slipway
                slipway.mask = mask
                slipway.environment = ["TZ": zone, "LC_ALL": locale, "HOME": bench.folder.path]
                slipway.directory = mask == "000" ? context : bench.folder
                let built = try slipway.run("build", "--progress", "plain", context.path)
                #expect(built.status == 0, "\(built.errors)")
                digests.insert(built.digest)
            }
        }
        #expect(digests.count == 1)
    }

    @Test func cachesAreListedAndRemoved() throws {
        try Workbench.run { bench in
            let text = """
                FROM busybox
                RUN --mount=type=cache,id=one,target=/c echo kept > /c/f
                RUN --mount=type=cache,id=two,target=/c echo kept > /c/f
                """
            let context = try bench.context(["Dockerfile": text])
            _ = try bench.expectBuild(context)
            let listed = try cache(bench, "list", "--format", "json")
            #expect(listed.status == 0, "\(listed.errors)")
            let ids = try listed.text.split(separator: "\n").map { line in
                let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
                return object?["ID"] as? String
            }
            #expect(Set(ids) == ["one", "two"])
            #expect(try cache(bench, "prune", "--older-than", "1").text == "Total: 0B\n")
            #expect(try cache(bench, "prune", "one").text.contains("Deleted: one"))
            let table = try cache(bench, "ls").text
            #expect(table.contains("two") && !table.contains("one"))
            #expect(try cache(bench, "prune").status == 0)
            #expect(try cache(bench, "list", "--format", "json").text == "")
        }
    }

    private func cache(_ bench: Workbench, _ arguments: String...) throws -> Outcome {
        try RunningCommand([SlipwayProgram.binary.path, "cache"] + arguments + ["--root", bench.state.path]).wait()
    }
}
