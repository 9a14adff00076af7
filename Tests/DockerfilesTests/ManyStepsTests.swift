import Foundation
import TestSupport
import Testing

/// Builds of very many steps.
@Suite(.serialized, .enabled(if: Workbench.isUsable, Workbench.reason)) struct ManyStepsTests {
    /// The workbench compares mounts, processes, links and groups of the host before and after.
    @Test func aThousandCommandsLeaveTheHostAsItWas() throws {
        try Workbench.run { bench in
            let commands = (0..<1_000).map { "RUN echo \($0) > /number" }
            let text = (["FROM busybox"] + commands + ["RUN grep -qx 999 /number && test $(ls / | wc -l) -gt 3"])
            let context = try bench.context(["Dockerfile": text.joined(separator: "\n") + "\n"])
            let built = try bench.expectBuild(context)
            #expect(built.steps.values.count { $0 == "DONE" } >= 1_001)
            let again = try bench.expectBuild(context)
            #expect(again.digest == built.digest)
            #expect(!again.steps.contains { $0.key.hasPrefix("RUN") && $0.value != "CACHED" })
        }
    }
}
