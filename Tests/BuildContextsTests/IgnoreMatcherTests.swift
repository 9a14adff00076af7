import ByteStrings
import TestSupport
import Testing

@testable import BuildContexts

struct IgnoreMatcherTests {
    @Test(arguments: [
        // Names and folders: a pattern holds for what it matches and all below.
        ("a", "a", true), ("a", "a/b/c", true), ("a", "b/a", false), ("a/b", "a", false), ("a/b", "a/b/c", true),
        ("a/", "a", true), ("./a", "a", true), ("b/../a", "a", true), ("a//b", "a/b", true), ("../a", "a", false),
        // A star stays in its component, and matches leading dots.
        ("*", "a/b", true), ("*.txt", "d/a.txt", false), ("*/*.txt", "d/a.txt", true), ("a*", "a/b", true),
        ("*", ".hid", true), ("?.txt", "a.txt", true), ("?.txt", "ab.txt", false), ("a?b", "a/b", false),
        ("[a-c]x", "bx", true), ("[^a-c]x", "bx", false), ("[!a]x", "!x", true),
        // Two stars take any number of components.
        ("**", "a/b", true), ("**/a", "a", true), ("**/a", "x/y/a", true), ("**/a", "xa", false), ("**/a", "a/b", true),
        ("a/**", "a", false), ("a/**", "a/b", true), ("a/**", "a/b/c", true), ("a/**/b", "a/b", true),
        ("a/**/b", "a/x/y/b", true), ("a/**/b", "ab", false), ("a/**/b", "a/xb", false), ("**/*.go", "x.go", true),
        ("**/*.go", "d/x.go", true), ("**/**/a", "x/a", true), ("a**", "abc/d", true), ("a**", "b", false),
        ("a**b", "ab", true), ("a**b", "ax/b", true), ("a**b", "axb", false), ("**a", "xa", true),
        ("**a", "x/ya", true),
        ("**a*", "xa", false), ("**a*", "x/ab", true), ("**/", "a", true), ("a/***", "a/b", true),
        // Escapes and characters that mean something elsewhere.
        ("\\#x", "#x", true), ("\\!y", "!y", true), ("a.b", "axb", false), ("a+b", "a+b", true), ("(a)", "(a)", true),
        ("{a,b}", "a", false), ("$a", "$a", true), ("a|b", "a", false), ("two words", "two words", true),
        (".", "a", false), ("/a", "a", false),
    ])
    func `A pattern decides about a path`(pattern: String, path: String, isIgnored: Bool) throws {
        #expect(try IgnoreMatcher(flags: [ByteString(pattern)]).ignores(ByteString(path)) == isIgnored)
    }

    @Test(arguments: [
        (["*", "!a"], "a", false), (["*", "!a"], "b", true), (["!a", "*"], "a", true), (["d", "!d/s"], "d/s/x", false),
        (["d", "!d/s"], "d/t", true), (["d", "!d/s"], "d", true), (["d/**", "!d/**/*.go"], "d/s/x.go", false),
        (["*", "!d", "d/s"], "d/s/x", true), (["*", "!d", "d/s"], "d/t", false), (["*", "!d/x", "d"], "d/x", true),
        (["a", "! a"], "a", false), (["*", "!/a"], "a", true),
    ])
    func `The last pattern that matches decides`(patterns: [String], path: String, isIgnored: Bool) throws {
        #expect(try IgnoreMatcher(flags: patterns.map { ByteString($0) }).ignores(ByteString(path)) == isIgnored)
    }

    @Test(arguments: ["[", "a[", "[]", "a\\", "[a-]"])
    func `A malformed pattern is an error`(pattern: String) {
        #expect(throws: ContextError.badPattern(ByteString(pattern), nil)) {
            try IgnoreMatcher(flags: [ByteString(pattern)])
        }
    }

    @Test func `Blank patterns are left out and a lone exclamation mark is an error`() throws {
        #expect(try IgnoreMatcher(flags: ["", " \t"]).patterns.isEmpty)
        #expect(throws: ContextError.emptyException(nil)) { try IgnoreMatcher(flags: ["!"]) }
    }

    @Test func `Patterns full of stars take no exponential time`() throws {
        let stars = String(repeating: "**/", count: 200) + "x"
        let names = String(repeating: "*a", count: 200) + "b*"
        let path = ByteString(String(repeating: "a/", count: 1000) + String(repeating: "a", count: 2000))
        let matcher = try IgnoreMatcher(flags: [ByteString(stars), ByteString(names)])
        let duration = ContinuousClock().measure { #expect(!matcher.ignores(path)) }
        #expect(duration < .seconds(20))
    }

    @Test func `Random patterns match what a naive reading matches`() throws {
        var random = SeededGenerator(seed: 2)
        var matched = 0
        for _ in 0..<40_000 {
            let pattern = random.text(of: Array("aab***/?[]^é"), upTo: 8)
            let path = random.text(of: Array("ab/é"), upTo: 7)
            let cleaned = ByteString(pattern).lexicallyCleaned
            guard path == ByteString(path).lexicallyCleaned.description, !path.hasPrefix("/"), !pattern.hasPrefix("!"),
                !cleaned.hasPrefix("**") || cleaned == "**" || cleaned.hasPrefix("**/")
            else { continue }
            let scalars = Array(cleaned.description.unicodeScalars)
            let parents = path.indices.filter { path[$0] == "/" }.map { path[..<$0] } + [path[...]]
            let results = parents.map { NaiveGlob.matches(scalars, Array($0.unicodeScalars), doubleStars: true) }
            let expected = results.contains(nil) ? nil : results.contains(true)
            let matcher = try? IgnoreMatcher(flags: [ByteString(pattern)])
            let actual = matcher?.ignores(ByteString(path))
            #expect(actual == (pattern.isEmpty ? false : expected), "\(pattern) on \(path)")
            if expected == true { matched += 1 }
        }
        #expect(matched > 500)
    }

    @Test func `Folders are left out only when nothing below can be kept`() throws {
        var random = SeededGenerator(seed: 3)
        for _ in 0..<20_000 {
            let flags = ["*", "!" + random.text(of: Array("aab**/?"), upTo: 6)].map { ByteString($0) }
            let path = ByteString(random.text(of: Array("ab/"), upTo: 6))
            guard path == path.lexicallyCleaned, !path.isAbsolutePath, let matcher = try? IgnoreMatcher(flags: flags),
                !matcher.ignores(path)
            else { continue }
            for end in path.indices where path[end] == ByteString.slash {
                let folder = ByteString(path[..<end])
                let scope = matcher.scope(of: folder)
                guard matcher.ignores(scope) else { break }
                let isEntered = path.bytes[...end].withUnsafeBufferPointer { matcher.mayKeep(below: $0, in: scope) }
                #expect(isEntered, "\(flags[1]) keeps \(path), but \(folder) is left out")
            }
        }
        let matcher = try IgnoreMatcher(flags: ["*", "!src/main.c", "!**/x/*.h"])
        for (folder, mayKeep) in [("src/", true), ("lib/", true), ("src/lib/", true)] {
            let scope = matcher.scope(of: ByteString(String(folder.dropLast())))
            #expect(Array(folder.utf8).withUnsafeBufferPointer { matcher.mayKeep(below: $0, in: scope) } == mayKeep)
        }
        let plain = try IgnoreMatcher(flags: ["*", "!src/main.c", "lib", "!lib*"])
        for (folder, mayKeep) in [("src/", true), ("other/", false), ("srcs/", false), ("src/main.c/", false)] {
            let scope = plain.scope(of: ByteString(String(folder.dropLast())))
            let result = Array(folder.utf8).withUnsafeBufferPointer { plain.mayKeep(below: $0, in: scope) }
            #expect(result == mayKeep, "\(folder)")
        }
    }
}
