import Foundation
import TestSupport
import Testing

/// Builds that end before their time.
@Suite(.serialized, .enabled(if: Workbench.isUsable, Workbench.reason)) struct InterruptionTests {
    /// Starts a build and comes back when its command runs, and the container of the next one waits.
    private func startBuild(_ bench: Workbench) throws -> RunningCommand {
        let context = try bench.context(["Dockerfile": "FROM busybox\nRUN echo is-running && sleep 600\nRUN true\n"])
        let build = try bench.slipway.start(["build", "--progress", "plain", context.path])
        let runs = Poll.until { build.errors.contains(" is-running\n") }
        try #require(runs, "\(build.errors)")
        let all = Poll.until { HostState.processes(of: bench.state).count == 3 }
        try #require(all, "the test sees slipway, the container and the next one")
        return build
    }

    @Test(arguments: [SIGINT: 130, SIGTERM: 143, SIGHUP: 129] as [Int32: Int32])
    func aSignalEndsTheBuild(_ signal: Int32, _ status: Int32) throws {
        try Workbench.run { bench in
            let build = try startBuild(bench)
            build.send(signal)
            let ended = try build.wait(seconds: 10)
            #expect(ended.status == status)
            #expect(ended.text == "")
            #expect(ended.errors.contains("cancel"), "\(ended.errors)")
            #expect(HostState.processes(of: bench.state) == [], "the container outlives the build")
            #expect(HostState.leftovers(in: bench.state) == [])
        }
    }

    @Test(arguments: [["build", "-f", "-", "."], ["load"], ["import", "-", "made"]])
    func aSignalEndsTheWaitForInput(_ arguments: [String]) throws {
        try Workbench.run { bench in
            let fifo = bench.folder.appendingPathComponent("fifo")
            try Command.shell("mkfifo \"$1\"", fifo.path)
            // Open at both ends, so that nobody waits for the other one, and nothing ever comes.
            let other = try FileHandle(forUpdating: fifo)
            defer { try? other.close() }
            let waiting = try bench.slipway.start(arguments, input: fifo)
            try #require(Poll.until { waiting.handlesSignals })
            waiting.send(SIGINT)
            #expect(try waiting.wait(seconds: 10).status == 130)
            // A thread that waits for input cannot be told to stop: what it leaves is swept by the next one.
            _ = try bench.expectBuild(try bench.context(["Dockerfile": "FROM busybox\n"]))
        }
    }

    @Test func killingTheProgramKillsItsContainersAndTheNextBuildSweeps() throws {
        try Workbench.run { bench in
            // The tree of the base is recorded and stays; with it made already, all of the killed build's are rubbish.
            let next = try bench.context(["Dockerfile": "FROM busybox\nRUN true\n"], named: "next")
            _ = try bench.expectBuild(next)
            let trees = bench.state.appendingPathComponent("trees").path
            let before = try Set(FileManager.default.contentsOfDirectory(atPath: trees))

            let build = try startBuild(bench)
            #expect(try Set(FileManager.default.contentsOfDirectory(atPath: trees)) != before)
            #expect(HostState.leftovers(in: bench.state).count == 1)
            build.send(SIGKILL)
            #expect(try build.wait(seconds: 10).status == 128 + SIGKILL)
            #expect(Poll.until(seconds: 10) { HostState.processes(of: bench.state).isEmpty })
            #expect(HostState.leftovers(in: bench.state).count == 1)

            _ = try bench.expectBuild(next)
            #expect(HostState.leftovers(in: bench.state) == [])
            #expect(try Set(FileManager.default.contentsOfDirectory(atPath: trees)) == before)
        }
    }

    @Test func aFailureBesideItEndsWhatRunsAndWhatWaits() throws {
        try Workbench.run { bench in
            let context = try bench.context([
                "Dockerfile": """
                FROM busybox AS slow
                RUN sleep 600
                RUN true
                FROM busybox AS failing
                RUN sleep 1; false
                RUN --network=none true
                FROM scratch
                COPY --from=slow / /slow
                COPY --from=failing / /failing
                """
            ])
            let built = try bench.buildOf([context.path])
            #expect(built.status == 1)
            #expect(HostState.processes(of: bench.state) == [])
            #expect(HostState.leftovers(in: bench.state) == [])
        }
    }

    @Test func whatRunsInTheBackgroundEndsWithItsShell() throws {
        try Workbench.run { bench in
            let context = try bench.context([
                "Dockerfile":
                    "FROM busybox\nRUN sleep 600 & (sleep 601 </dev/null >/dev/null 2>&1 &) ; echo done > /file\n"
            ])
            let build = try bench.slipway.start(["build", "--progress", "plain", context.path])
            let ended = try build.wait(seconds: 30)
            #expect(ended.status == 0, "\(ended.errors)")
        }
    }

    @Test func aFailingStageCancelsTheOthers() throws {
        try Workbench.run { bench in
            let context = try bench.context([
                "Dockerfile": """
                FROM busybox AS slow
                RUN --mount=type=cache,id=go,target=/go echo slow-runs && touch /go/on && sleep 600 && touch /slow

                FROM busybox AS broken
                RUN --mount=type=cache,id=go,target=/go until [ -e /go/on ]; do sleep 0.1; done; exit 5

                FROM scratch
                COPY --from=slow /slow /
                COPY --from=broken /broken /
                """
            ])
            let build = try bench.slipway.start(["build", "--progress", "plain", context.path])
            let ended = try build.wait(seconds: 30)
            #expect(ended.status == 1)
            #expect(ended.errors.contains("exit code: 5"))
            let slow = ended.steps.first { $0.key.contains("slow-runs") }
            #expect(slow?.value == "CANCELED", "\(ended.errors)")
        }
    }

    /// As with `slipway build . 2>&1 | head`.
    @Test(arguments: ["plain", "rawjson"]) func aReaderThatGoesAwayEndsTheBuild(_ progress: String) throws {
        try Workbench.run { bench in
            let context = try bench.context(["Dockerfile": "FROM busybox\nRUN while :; do echo line; sleep 0.1; done\n"]
            )
            let built = try Command.shell(
                """
                { "$1" build --root "$2" --progress "$3" "$4" 2>&1 || echo $? > "$5"; } | head -n 8
                cat "$5"
                """,
                SlipwayProgram.binary.path,
                bench.state.path,
                progress,
                context.path,
                bench.path("status")
            )
            #expect(built.text.hasSuffix("\n141\n"), "\(built.text)\(built.errors)")
            #expect(HostState.processes(of: bench.state) == [])
            #expect(HostState.leftovers(in: bench.state) == [])
        }
    }

    @Test func aClosedStandardErrorDoesNotEndTheBuild() throws {
        try Workbench.run { bench in
            let context = try bench.context(["Dockerfile": "FROM busybox\nRUN seq 100000\n"])
            let built = try Command.shell(
                "\"$1\" build --root \"$2\" --progress plain \"$3\" 2>&- > \"$4\"; cat \"$4\"",
                SlipwayProgram.binary.path,
                bench.state.path,
                context.path,
                bench.path("digest")
            )
            #expect(built.text.hasPrefix("sha256:"), "\(built.errors)")
        }
    }
}
