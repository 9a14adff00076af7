import ArgumentParser
import BuildInterface
import ByteStrings
import Testing

@testable import SlipwayCLI

@Suite struct ResourceFlagsTests {
    private func limits(_ arguments: String...) throws -> ResourceLimits {
        try ResourceFlags.parse(arguments).resolve()
    }

    private static func expected(_ change: (inout ResourceLimits) -> Void) -> ResourceLimits {
        var limits = ResourceLimits()
        change(&limits)
        return limits
    }

    @Test func nothingIsLimitedThatWasNotAsked() throws {
        #expect(try limits().isEmpty)
        #expect(try limits("--pids-limit", "-1").isEmpty)
        #expect(try limits("--pids-limit=0", "--cpu-quota=-1").isEmpty)
    }

    @Test(
        arguments: [
            (["--memory", "512m"], expected { $0.memory = 512 << 20 }),
            (["-m", "1g"], expected { $0.memory = 1 << 30 }),
            (["--memory=6291456"], expected { $0.memory = 6 << 20 }),
            (
                ["-m", "1g", "--memory-swap", "2g"],
                expected {
                    $0.memory = 1 << 30
                    $0.memoryAndSwap = 2 << 30
                }
            ),
            (
                ["-m", "1g", "--memory-swap=-1"],
                expected {
                    $0.memory = 1 << 30
                    $0.memoryAndSwap = .max
                }
            ),
            (["--cpus", "1.5"], expected { $0.processorQuota = 150_000 }),
            (["--cpus", "2"], expected { $0.processorQuota = 200_000 }),
            (["--cpus=.25"], expected { $0.processorQuota = 25_000 }),
            (["--cpus=0.123456789"], expected { $0.processorQuota = 12_345 }),
            (
                ["--cpu-quota", "50000", "--cpu-period", "25000"],
                expected {
                    $0.processorQuota = 50_000
                    $0.processorPeriod = 25_000
                }
            ),
            (["-c", "512"], expected { $0.processorShares = 512 }),
            (["--cpuset-cpus", "0-2,4"], expected { $0.processors = "0-2,4" }),
            (["--cpuset-mems", "0"], expected { $0.memoryNodes = "0" }),
            (["--pids-limit", "100"], expected { $0.processes = 100 }),
            (["--cgroup-parent", "/ci/job"], expected { $0.groupParent = "/ci/job" }),
            (
                ["--ulimit", "nofile=1024:2048", "--ulimit", "core=-1", "--ulimit", "nproc=5"],
                expected {
                    $0.processLimits = [
                        .init(name: "nofile", soft: 1024, hard: 2048), .init(name: "core", soft: .max, hard: .max),
                        .init(name: "nproc", soft: 5, hard: 5),
                    ]
                }
            ),
            (
                ["--resource", "memory=64m,cpu-shares=2", "--resource", "cpuset-cpus=0,1"],
                expected {
                    $0.memory = 64 << 20
                    $0.processorShares = 2
                    $0.processors = "0,1"
                }
            ),
        ] as [([String], ResourceLimits)]
    )
    func flagsAreLimits(_ arguments: [String], _ expected: ResourceLimits) throws {
        #expect(try ResourceFlags.parse(arguments).resolve() == expected)
    }

    @Test(
        arguments: [
            (["--memory", "5m"], "--memory 5m: a step needs 6m at least"),
            (["--memory", "much"], "--memory much: it takes a size such as 64m"),
            (["--memory=-1"], "--memory -1: it takes a size such as 64m"),
            (["--memory-swap", "1g"], "--memory-swap 1g: it takes effect with --memory only"),
            (
                ["-m", "1g", "--memory-swap", "512m"],
                "--memory-swap 512m: it is memory and swap together, so at least --memory"
            ),
            (["--cpus", "x"], "--cpus x: it takes a number of processors, such as 1.5"),
            (["--cpus", "."], "--cpus .: it takes a number of processors, such as 1.5"),
            (["--cpus", "1e3"], "--cpus 1e3: it takes a number of processors, such as 1.5"),
            (
                ["--cpus", "99999999999999999999"],
                "--cpus 99999999999999999999: it takes a number of processors, such as 1.5"
            ),
            (["--cpus", "0"], "--cpus 0: 0.01 is the least"),
            (
                ["--cpus", "1", "--cpu-quota", "5000"],
                "--cpus: it says the same as --cpu-quota and --cpu-period; pass either"
            ),
            (["--cpu-period", "10"], "--cpu-period 10: it takes a number from 1000 to 1000000"),
            (["--cpu-shares", "1"], "--cpu-shares 1: it takes a number from 2 to 262144"),
            (["--cpuset-cpus", "2-1"], "--cpuset-cpus 2-1: it takes a list such as 0-2,4"),
            (["--cpuset-cpus", "a"], "--cpuset-cpus a: it takes a list such as 0-2,4"),
            (["--cpuset-mems", "0,,1"], "--cpuset-mems 0,,1: it takes a list such as 0-2,4"),
            (["--pids-limit", "-2"], "--pids-limit -2: it takes a number from 1 to 4194304"),
            (["--ulimit", "nofile"], "--ulimit nofile: it takes NAME=SOFT[:HARD], such as nofile=1024:2048"),
            (
                ["--ulimit", "nofile=1:2:3"],
                "--ulimit nofile=1:2:3: it takes NAME=SOFT[:HARD], such as nofile=1024:2048"
            ),
            (["--ulimit", "nofile=x"], "--ulimit nofile=x: `x` is not a number"),
            (["--ulimit", "nofile=2:1"], "--ulimit nofile=2:1: the soft limit may not be above the hard one"),
            (["--cgroup-parent", "/a/../.."], "--cgroup-parent /a/../..: it takes the path of a group, without `..`"),
            (["--resource", "disk=1"], "--resource disk=1: there is no resource `disk`"),
            (["--resource", "memory"], "--resource memory: it takes KEY=VALUE"),
        ] as [([String], String)]
    )
    func whatIsNoLimitIsRefusedByName(_ arguments: [String], _ message: String) {
        let error = #expect(throws: ValidationError.self) { try ResourceFlags.parse(arguments).resolve() }
        #expect(error?.message == message)
    }

    @Test func anUnknownLimitNamesThoseThatThereAre() {
        let error = #expect(throws: ValidationError.self) { try limits("--ulimit", "files=1") }
        #expect(error?.message.hasPrefix("--ulimit files=1: there is no limit `files`; there are core, cpu, ") == true)
    }
}
