import ByteStrings
import Foundation
import TestSupport
import Testing

@testable import BuildContexts

struct IgnoreFileTests {
    /// The cases below `testdata/dockerignore`: `paths.txt` lists paths, `kept.txt` those that are not ignored.
    static let cases: [String] = {
        let folder = Testdata.root.appendingPathComponent("dockerignore")
        return ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
    }()

    @Test func `There are cases`() {
        #expect(Self.cases.count > 10)
    }

    @Test(arguments: cases)
    func `A file keeps the paths it should`(name: String) throws {
        let folder = Testdata.root.appendingPathComponent("dockerignore/\(name)")
        let text = try Data(contentsOf: folder.appendingPathComponent(".dockerignore"))
        let file = try IgnoreFile(parsing: Array(text), name: ".dockerignore")
        func lines(_ name: String) throws -> [ByteString] {
            try Data(contentsOf: folder.appendingPathComponent(name)).split(separator: UInt8(ascii: "\n")).map {
                ByteString($0)
            }
        }
        let kept = try lines("paths.txt").filter { !file.matcher.ignores($0) }
        #expect(kept == (try lines("kept.txt")))
    }

    @Test func `A rule says where it stands`() throws {
        let file = try IgnoreFile(parsing: Array("# secrets\r\n\r\n  *.pem \r\n".utf8), name: "a.dockerignore")
        let rule = IgnoreRule(file: "a.dockerignore", line: 3, text: "*.pem")
        #expect(file.matcher.decidingPattern(for: "key.pem")?.rule == rule)
        #expect(file.matcher.decidingPattern(for: "key.txt") == nil)
    }

    @Test(arguments: [("a\n[\n", "["), ("a\n![a\n", "![a"), ("a\nb\\\n", "b\\")])
    func `A malformed line is an error that names it`(text: String, line: String) {
        let rule = IgnoreRule(file: "f", line: 2, text: ByteString(line))
        #expect(throws: ContextError.badPattern(ByteString(line), rule)) {
            try IgnoreFile(parsing: Array(text.utf8), name: "f")
        }
    }

    @Test(arguments: ["!", " ! ", "a\n!\n"])
    func `A lone exclamation mark is an error`(text: String) {
        #expect {
            try IgnoreFile(parsing: Array(text.utf8), name: "f")
        } throws: { error in
            if case .emptyException? = error as? ContextError { true } else { false }
        }
    }
}
