import Foundation
import TestSupport
import Testing

/// Trees of very many files and levels: what they take of the memory.
@Suite(
    .serialized,
    .enabled(if: Workbench.isUsable && Command.exists("python3"), "needs root, busybox-static and python3")
)
struct LargeTreeTests {
    /// Builds, and gives the most memory that the program had, in KiB.
    private static func peak(_ bench: Workbench, _ context: URL, _ arguments: String...) throws -> Int {
        let program = """
            import resource, subprocess, sys
            subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
            print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
            """
        let words = [
            SlipwayProgram.binary.path, "build", "--root", bench.state.path, "--no-cache", context.path,
        ]
        let measured = try RunningCommand(["/usr/bin/python3", "-c", program] + words + arguments).wait(seconds: 600)
        #expect(measured.status == 0, "\(measured.errors.suffix(300))")
        return Int(measured.digest) ?? .max
    }

    private static func fill(_ folder: String, _ program: String, _ arguments: String...) throws {
        let filled = try RunningCommand(["/usr/bin/python3", "-c", program, folder] + arguments).wait()
        #expect(filled.status == 0, "\(filled.errors)")
    }

    /// R49: a file of a context takes less than a KiB, and less than a quarter more when a stage is unpacked for it.
    ///
    /// The difference of two contexts is what files take; the rest is the program's own. What the allocator holds back
    /// differs from one build to the next, so the lesser of two counts.
    @Test(arguments: [("COPY files /files", 20_000), ("COPY --from=stage /files /again", 50_000)])
    func aFileTakesAboutAKilobyteForEachCopy(_ line: String, _ limit: Int) throws {
        try Workbench.run { bench in
            func peak(_ count: Int) throws -> Int {
                let context = try bench.context(
                    ["Dockerfile": "FROM busybox AS stage\nCOPY files /files\nFROM busybox\n\(line)\n"],
                    named: "context\(count)"
                )
                try Self.fill(
                    context.path + "/files",
                    """
                    import os, sys
                    for i in range(int(sys.argv[2])):
                        folder = f"{sys.argv[1]}/{i // 10000}"
                        if i % 10000 == 0: os.makedirs(folder)
                        open(f"{folder}/file-{i}", "w").close()
                    """,
                    "\(count)"
                )
                return min(try Self.peak(bench, context), try Self.peak(bench, context))
            }
            let (few, many) = (try peak(10_000), try peak(30_000))
            #expect(many - few < limit, "10,000 files: \(few) KiB, 30,000 files: \(many) KiB")
            #expect(many < limit * 3 / 2 + 100 * 1024, "\(many) KiB")
        }
    }

    /// R48: five thousand levels whose paths have a hundred thousand bytes, copied, and copied from a stage.
    @Test func fiveThousandLevelsAreRoomy() throws {
        try Workbench.run { bench in
            let context = try bench.context([
                "Dockerfile": """
                FROM busybox AS stage
                COPY deep /deep
                FROM busybox
                COPY --from=stage /deep /copied
                """
            ])
            try Self.fill(
                context.path + "/deep",
                """
                import os, sys
                os.mkdir(sys.argv[1]); folder = os.open(sys.argv[1], os.O_RDONLY)
                for level in range(5000):
                    if level % 50 == 0:
                        os.close(os.open("file", os.O_CREAT | os.O_WRONLY, 0o644, dir_fd=folder))
                        os.mkdir("z", dir_fd=folder)
                    os.mkdir("a-name-of-20-letters", dir_fd=folder)
                    below = os.open("a-name-of-20-letters", os.O_RDONLY, dir_fd=folder)
                    os.close(folder); folder = below
                """
            )
            let peak = try Self.peak(bench, context)
            #expect(peak < 256 * 1024, "\(peak) KiB")
        }
    }

    /// R50: a file that is nearly all hole takes neither memory nor disk.
    @Test func aFileOfHolesTakesNoMemory() throws {
        try Workbench.run { bench in
            let context = try bench.context(["Dockerfile": "FROM busybox\nCOPY big /big\n"])
            try Command.shell(
                "truncate --size 1G \"$1/big\" && printf data | dd of=\"$1/big\" bs=1 seek=500000000 conv=notrunc",
                context.path
            )
            let peak = try Self.peak(bench, context)
            #expect(peak < 128 * 1024, "\(peak) KiB")
            let used = try Command.shell("du --summarize --block-size=1M \"$1\" | cut --fields 1", bench.state.path)
            #expect(Int(used.digest) ?? .max < 64)
        }
    }
}
