import ByteStrings
import FileModel
import Testing

@testable import BuildContexts

struct PathSelectionTests {
    static let tree = MemoryTree(
        """
        .hid
        [lit]
        a.go
        b.go
        c.txt
        d/e.go
        d/f.txt
        d/g/h.go
        e/f.txt
        empty/
        x1
        x2
        """
    )

    /// `source>destination`, and the form in front.
    static func shown(_ selection: Selection) -> [String] {
        ["\(selection.form)"]
            + selection.entries.map { entry in
                let mark = entry.entry.kind == .directory ? "/" : ""
                let group = entry.linkGroup.map { " #\($0)" } ?? ""
                return "\(entry.source)>\(entry.destination)\(mark)\(group)"
            }
    }

    static func select(
        _ patterns: [String],
        from tree: MemoryTree = tree,
        toFolder: Bool = false,
        parents: Bool = false,
        excluding excluded: [String] = []
    ) throws -> [String] {
        let matcher = try IgnoreMatcher(flags: excluded.map { ByteString($0) })
        let paths = PathSelection(patterns: patterns.map { ByteString($0) }, parents: parents, excluded: matcher)
        return shown(try paths.select(from: tree, destinationIsDirectory: toFolder))
    }

    @Test(arguments: [
        (["a.go"], false, ["file", "a.go>"]),
        (["a.go"], true, ["directory", "a.go>a.go"]),
        (["a.go", "b.go"], false, ["file", "b.go>"]),
        (["b.go", "a.go"], true, ["directory", "a.go>a.go", "b.go>b.go"]),
        (["d/"], false, ["directory", "d/e.go>e.go", "d/f.txt>f.txt", "d/g>g/", "d/g/h.go>g/h.go"]),
        (["empty", "a.go"], false, ["directory", "a.go>a.go"]),
        (["d", "e"], true, ["directory", "d/e.go>e.go", "e/f.txt>f.txt", "d/g>g/", "d/g/h.go>g/h.go"]),
        (["d/f.txt", "e/f.txt"], true, ["directory", "e/f.txt>f.txt"]),
        (["e/f.txt", "d/f.txt"], true, ["directory", "d/f.txt>f.txt"]),
        (["a.go", "a.go"], true, ["directory", "a.go>a.go"]),
        (["empty"], false, ["directory"]),
        (["/a.go"], false, ["file", "a.go>"]),
        (["../../a.go"], false, ["file", "a.go>"]),
        (["./d/../a.go"], false, ["file", "a.go>"]),
        (["d//f.txt"], false, ["file", "d/f.txt>"]),
        (["d/g/."], false, ["directory", "d/g/h.go>h.go"]),
    ])
    func `A path selects a file or what is in a directory`(
        patterns: [String],
        toFolder: Bool,
        expected: [String]
    ) throws {
        #expect(try Self.select(patterns, toFolder: toFolder) == expected)
    }

    @Test(arguments: ["/", ".", "..", "d/.."])
    func `The root selects everything but itself`(pattern: String) throws {
        let shown = try Self.select([pattern], toFolder: true)
        #expect(shown.count == 1 + Self.tree.nodes.count - 1)
        #expect(shown.contains("d/g/h.go>d/g/h.go"))
    }

    @Test(arguments: [
        (["*.go"], ["directory", ".hid.no"], false),
        (["*.go"], ["directory", "a.go>a.go", "b.go>b.go"], true),
        (["d*"], ["directory", "d/e.go>e.go", "d/f.txt>f.txt", "d/g>g/", "d/g/h.go>g/h.go"], true),
        (["d/*.go"], ["directory", "d/e.go>e.go"], true),
        (["d/*/*.go"], ["directory", "d/g/h.go>h.go"], true),
        (["*/e.go"], ["directory", "d/e.go>e.go"], true),
        (["*/f.txt"], ["directory", "e/f.txt>f.txt"], true),
        (["**/h.go"], ["nothing"], true),
        (["d/**/h.go"], ["directory", "d/g/h.go>h.go"], true),
        (["[[]lit]"], ["directory", "[lit]>[lit]"], true),
        (["x?"], ["directory", "x1>x1", "x2>x2"], true),
        (["none*"], ["nothing"], true),
        (["nowhere/*"], ["nothing"], true),
        (["a.go/*"], ["nothing"], true),
        (["a.go", "none*"], ["directory", "a.go>a.go"], true),
        (["?hid"], ["directory", ".hid>.hid"], true),
    ])
    func `A pattern selects within components`(patterns: [String], expected: [String], holds: Bool) throws {
        #expect((try Self.select(patterns, toFolder: true) == expected) == holds)
    }

    @Test func `Of several matches for one file name the last stays`() throws {
        #expect(try Self.select(["x*"]) == ["file", "x2>"])
        #expect(try Self.select(["a.*"]) == ["file", "a.go>"])
        #expect(try Self.select(["none*"]) == ["nothing"])
    }

    @Test func `A malformed pattern is an error`() {
        #expect(throws: ContextError.badPattern("a[", nil)) { try Self.select(["d/a["]) }
    }

    static let links = MemoryTree(
        """
        real/x
        real/sub/y
        file
        to-file -> file
        to-dir -> /real
        chain -> to-file
        out -> ../../../file
        dangling -> nowhere
        loop -> loop
        real/back -> ../file
        real/abs -> /abs
        real/up -> ..
        """
    )

    @Test(arguments: [
        (["to-file"], false, ["file", "file>"]),
        (["to-file"], true, ["directory", "file>to-file"]),
        (["chain"], true, ["directory", "file>chain"]),
        (["out"], false, ["file", "file>"]),
        (["to-dir/x"], false, ["file", "real/x>"]),
        (["to-dir/sub/../x"], false, ["file", "real/x>"]),
        (["real/up/file"], false, ["file", "file>"]),
        (["to-dir/s*"], true, ["directory", "real/sub/y>y"]),
        (["to-f*"], true, ["directory", "file>to-file"]),
        (["to-d*/x"], true, ["nothing"]),
    ])
    func `Links of a source path are followed inside the tree`(
        patterns: [String],
        toFolder: Bool,
        expected: [String]
    ) throws {
        #expect(try Self.select(patterns, from: Self.links, toFolder: toFolder) == expected)
    }

    @Test(arguments: ["to-dir", "to-dir/", "real", "to-d*"])
    func `Links in a directory stay links`(pattern: String) throws {
        let paths = PathSelection(patterns: [ByteString(pattern)])
        let selection = try paths.select(from: Self.links, destinationIsDirectory: true)
        let linked = selection.entries.filter { $0.entry.kind == .symbolicLink }.map(\.destination)
        #expect(linked == ["abs", "back", "up"])
        #expect(selection.entries.map(\.destination) == ["abs", "back", "sub", "sub/y", "up", "x"])
    }

    @Test func `Links that lead nowhere or in a circle are errors`() {
        #expect(throws: ContextError.notFound(path: "dangling", nearest: nil, hiddenBy: nil)) {
            try Self.select(["dangling"], from: Self.links)
        }
        #expect(throws: ContextError.tooManyLinks("loop")) { try Self.select(["loop"], from: Self.links) }
        #expect(throws: ContextError.tooManyLinks("loop")) { try Self.select(["lo*"], from: Self.links) }
    }

    @Test func `A missing path is an error that knows a similar one`() {
        func error(_ path: ByteString, nearest: ByteString?) -> ContextError {
            .notFound(path: path, nearest: nearest, hiddenBy: nil)
        }
        #expect(throws: error("c.text", nearest: "c.txt")) { try Self.select(["c.text"]) }
        #expect(throws: error("D/f.txt", nearest: "d/f.txt")) { try Self.select(["D/f.txt"]) }
        #expect(throws: error("d/g/hgo", nearest: "d/g/h.go")) { try Self.select(["/d/g/hgo"]) }
        #expect(throws: error("nosuch", nearest: nil)) { try Self.select(["a.go", "nosuch"]) }
        #expect(throws: error("a.go/x", nearest: nil)) { try Self.select(["a.go/x"]) }
        #expect("\(error("c.text", nearest: "c.txt"))" == "`c.text` was not found, did you mean `c.txt`?")
    }

    @Test func `Sources of different kinds must not meet`() throws {
        let tree = MemoryTree("one/clash/x\ntwo/clash\nfile")
        #expect(throws: ContextError.fileOntoDirectory("clash")) { try Self.select(["one", "two"], from: tree) }
        #expect(throws: ContextError.directoryOntoFile("clash")) { try Self.select(["two", "one"], from: tree) }
        #expect(throws: ContextError.directoryOntoFile("")) { try Self.select(["file", "two"], from: tree) }
        #expect(try Self.select(["two", "file"], from: tree) == ["directory", "two/clash>clash", "file>file"])
    }

    @Test(arguments: [
        (["d/g/h.go", "c.txt"], [], ["c.txt>c.txt", "d>d/", "d/g>d/g/", "d/g/h.go>d/g/h.go"]),
        (["e"], [], ["e>e/", "e/f.txt>e/f.txt"]),
        (["**/*.txt"], [], ["c.txt>c.txt", "d>d/", "d/f.txt>d/f.txt", "e>e/", "e/f.txt>e/f.txt"]),
        (["./d/**/*.go"], [], ["d>d/", "d/e.go>d/e.go", "d/g>d/g/", "d/g/h.go>d/g/h.go"]),
        (["*/f.txt"], [], ["d>d/", "d/f.txt>d/f.txt", "e>e/", "e/f.txt>e/f.txt"]),
        (["**/g"], [], ["d>d/", "d/g>d/g/", "d/g/h.go>d/g/h.go"]),
        (["d/./g/h.go"], [], ["d/g>g/", "d/g/h.go>g/h.go"]),
        (["./d/g/./h.go"], [], ["d/g/h.go>h.go"]),
        (["./d/e.go"], [], ["d>d/", "d/e.go>d/e.go"]),
        (["*/./f.txt"], [], ["e/f.txt>f.txt"]),
        (["/d/../e/f.txt"], [], ["e>e/", "e/f.txt>e/f.txt"]),
        (["x/*.none", "x1"], [], ["x1>x1"]),
        (["d/./."], [], ["d/e.go>e.go", "d/f.txt>f.txt", "d/g>g/", "d/g/h.go>g/h.go"]),
        (["empty"], [], ["empty>empty/"]),
        (["d*"], ["**/*.go"], ["d>d/", "d/f.txt>d/f.txt", "d/g>d/g/"]),
        (["d"], ["d"], []),
        (["d"], ["*", "!d/g"], ["d>d/", "d/g>d/g/", "d/g/h.go>d/g/h.go"]),
    ])
    func `With parents the path of each file is kept`(
        patterns: [String],
        excluded: [String],
        expected: [String]
    ) throws {
        #expect(try Self.select(patterns, parents: true, excluding: excluded) == ["directory"] + expected)
    }

    @Test func `With parents a missing path is an error and a link is not followed`() {
        #expect(throws: ContextError.notFound(path: "d/nosuch", nearest: nil, hiddenBy: nil)) {
            try Self.select(["d/nosuch"], parents: true)
        }
        #expect(throws: ContextError.notFound(path: "to-dir/x", nearest: nil, hiddenBy: nil)) {
            try Self.select(["to-dir/x"], from: Self.links, parents: true)
        }
        #expect(throws: ContextError.notFound(path: "nosuch", nearest: nil, hiddenBy: nil)) {
            try Self.select(["nosuch/./x"], parents: true)
        }
    }

    @Test(arguments: [
        (["d"], ["*.go"], ["d/f.txt>f.txt", "d/g>g/", "d/g/h.go>g/h.go"]),
        (["d"], ["**/*.go"], ["d/f.txt>f.txt", "d/g>g/"]),
        (["d"], ["g"], ["d/e.go>e.go", "d/f.txt>f.txt"]),
        (["d"], ["d/g"], ["d/e.go>e.go", "d/f.txt>f.txt", "d/g>g/", "d/g/h.go>g/h.go"]),
        (["d"], ["/g", "g/"], ["d/e.go>e.go", "d/f.txt>f.txt"]),
        (["d"], ["/g"], ["d/e.go>e.go", "d/f.txt>f.txt", "d/g>g/", "d/g/h.go>g/h.go"]),
        (["d"], ["**"], []),
        (["d"], ["*", "!f.txt"], ["d/f.txt>f.txt"]),
        (["d"], ["*", "!g/h.go"], ["d/g>g/", "d/g/h.go>g/h.go"]),
        (["d"], ["g/*", "!g/keep"], ["d/e.go>e.go", "d/f.txt>f.txt", "d/g>g/"]),
        (["a.go", "b.go"], ["a.go"], ["a.go>a.go", "b.go>b.go"]),
        (["*.go"], ["b*"], ["a.go>a.go", "b.go>b.go"]),
    ])
    func `Exclusions are relative to each directory and spare named files`(
        patterns: [String],
        excluded: [String],
        expected: [String]
    ) throws {
        #expect(try Self.select(patterns, toFolder: true, excluding: excluded) == ["directory"] + expected)
    }

    @Test func `Hard links hold within one directory source`() throws {
        let tree = MemoryTree("d/one\nd/two = d/one\nd/s/three = d/one\nd/other\ne/four = d/one")
        let linked = ["directory", "d/one>one #0", "d/other>other", "d/s>s/", "d/s/three>s/three #0", "d/two>two #0"]
        #expect(try Self.select(["d"], from: tree) == linked)
        let apart = ["directory", "d/one>one", "d/two>two"]
        #expect(try Self.select(["d/one", "d/two"], from: tree, toFolder: true) == apart)
        #expect(
            try Self.select(["d", "d/one"], from: tree)
                == ["directory", "d/one>one", "d/other>other", "d/s>s/", "d/s/three>s/three #0", "d/two>two #0"]
        )
        #expect(
            try Self.select(["d/s", "e"], from: tree) == ["directory", "e/four>four", "d/s/three>three"]
        )
        let left = ["directory", "d/one>one", "d/other>other"]
        #expect(try Self.select(["d"], from: tree, excluding: ["s", "two"]) == left)
    }

    @Test func `Siblings are ordered by bytes and come before what is below the next one`() throws {
        let tree = MemoryTree("s/a/x\ns/a-b\ns/a.c\nt/a/y\nt/b")
        let expected: [ByteString] = ["a", "a/x", "a-b", "a.c"]
        let single = try PathSelection(patterns: ["s"]).select(from: tree, destinationIsDirectory: true)
        #expect(single.entries.map(\.destination).sorted() == expected.sorted())
        let both = try PathSelection(patterns: ["t", "s"]).select(from: tree, destinationIsDirectory: true)
        #expect(both.entries.map(\.destination) == ["a", "a/x", "a/y", "a-b", "a.c", "b"])
    }

    @Test func `Sources tell where each path leads`() throws {
        let paths = PathSelection(patterns: ["to-f*", "real"])
        let sources = try paths.sources(in: Self.links)
        #expect(sources.map(\.path) == ["file", "real"])
        #expect(sources.map(\.name) == ["to-file", "real"])
        #expect(sources.map(\.isMatch) == [true, false])
        let selection = try paths.select([sources[0]], from: Self.links, destinationIsDirectory: false)
        #expect(Self.shown(selection) == ["file", "file>"])
    }
}
