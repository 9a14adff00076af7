import BuildPlanning
import ByteStrings
import Testing

@Suite("COPY and ADD")
struct CopyPlanningTests {
    @Test(
        "The destination is absolute, and its slash stays",
        arguments: [
            ("f", "/w/f"), ("f/", "/w/f/"), (".", "/w/"), ("./", "/w/"), ("..", "/"), ("/", "/"), ("/a/", "/a/"),
            ("/a/../b", "/b"), ("/a/.", "/a/"),
        ]
    )
    func destination(written: String, expected: String) throws {
        let plan = try PlanFixture.plan("FROM scratch\nWORKDIR /w\nCOPY x \(written)\n")
        #expect(plan.copies.first?.destination == ByteString(expected))
    }

    @Test("Flags are expanded and shown in the history")
    func flags() throws {
        let plan = try PlanFixture.plan(
            "FROM scratch\nENV U=1:2 M=640\nCOPY --parents --chown=$U --chmod=$M --exclude=$U --link a b /c/\n"
        )
        let copy = try #require(plan.copies.first)
        #expect(copy.owner == "1:2")
        #expect(copy.permissions == "640")
        #expect(copy.excludes == ["$U"])
        #expect(copy.keepsParents)
        #expect(!copy.isLink)
        #expect(plan.history.last == "COPY --parents --chown=1:2 --chmod=640 a b /c/ # buildkit")
    }

    @Test("--link stays a link without --chmod")
    func link() throws {
        let plan = try PlanFixture.plan("FROM scratch\nCOPY --link --chown=5 a /b\n")
        #expect(plan.copies.first?.isLink == true)
    }

    @Test("A heredoc is a file named after its delimiter, expanded unless that is quoted")
    func heredocs() throws {
        let plan = try PlanFixture.plan(
            "FROM scratch\nENV A=1\nCOPY x <<EOF <<\"RAW\" /d/\n$A '\"\nEOF\n$A\nRAW\n"
        )
        #expect(
            plan.copies.first?.sources == [
                .path("x"), .inline(InlineFile(name: "EOF", content: "1 '\"\n", permissions: 0o644)),
                .inline(InlineFile(name: "RAW", content: "$A\n", permissions: 0o644)),
            ]
        )
        #expect(plan.history.last == "COPY x <<EOF <<RAW /d/ # buildkit")
    }

    @Test(
        "ADD unpacks archives unless told not to",
        arguments: [
            ("", CopyOperation.Unpacking.ifArchive), ("--unpack ", .ifArchive), ("--unpack=false ", .never),
        ]
    )
    func unpacking(flag: String, expected: CopyOperation.Unpacking) throws {
        let plan = try PlanFixture.plan("FROM scratch\nADD \(flag)t.tar /x\n")
        #expect(plan.copies.first?.unpacking == expected)
        #expect(plan.copies.first?.isAdd == true)
    }

    @Test("A step reads what it copies from")
    func inputs() throws {
        let plan = try PlanFixture.plan("FROM scratch AS a\nCOPY f /f\nFROM busybox\nCOPY --from=a /f /g\n")
        #expect(plan.steps.last?.inputs == [StepID(index: 1), StepID(index: 0)])
        #expect(plan.steps.last?.title == "[stage-1 2/2] COPY --from=a /f /g")
    }
}
