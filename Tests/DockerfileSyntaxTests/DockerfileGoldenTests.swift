import ByteStrings
import DockerfileSyntax
import Foundation
import SourceDiagnostics
import TestSupport
import Testing

@Suite("Dockerfiles and what is made of them")
struct DockerfileGoldenTests {
    private static func source(_ name: String) throws -> (SourceText, URL) {
        let folder = Testdata.root.appendingPathComponent("dockerfile/\(name)")
        let bytes = try Data(contentsOf: folder.appendingPathComponent("Dockerfile"))
        return (SourceText(name: "Dockerfile", bytes: [UInt8](bytes)), folder)
    }

    @Test("there are cases to test")
    func casesExist() {
        #expect(Golden.cases("dockerfile/valid").count >= 13)
        #expect(Golden.cases("dockerfile/invalid").count >= 12)
    }

    @Test("a valid file has the syntax of its golden, and no errors", arguments: Golden.cases("dockerfile/valid"))
    func valid(name: String) throws {
        let (source, folder) = try Self.source("valid/\(name)")
        let parsed = DockerfileParser().parse(source)
        #expect(parsed.diagnostics.filter { $0.severity == .error } == [])
        #expect(
            try Golden(file: folder.appendingPathComponent("tree.txt")).matches(SyntaxTree(parsed, of: source).text)
        )
    }

    @Test("a flawed file has the messages of its golden", arguments: Golden.cases("dockerfile/invalid"))
    func invalid(name: String) throws {
        let (source, folder) = try Self.source("invalid/\(name)")
        let parsed = DockerfileParser().parse(source)
        #expect(!parsed.diagnostics.isEmpty)
        #expect(parsed.hasErrors == !name.hasPrefix("warning-"))
        let text = DiagnosticPrinter().render(parsed.diagnostics, in: source)
        #expect(try Golden(file: folder.appendingPathComponent("diagnostics.txt")).matches(text))
    }

    @Test("files cut off anywhere are parsed without a trap", arguments: Golden.cases("dockerfile/valid"))
    func prefixes(name: String) throws {
        let (source, _) = try Self.source("valid/\(name)")
        for length in stride(from: 0, to: source.bytes.count, by: 3) {
            let part = SourceText(name: "Dockerfile", bytes: Array(source.bytes[..<length]))
            let parsed = DockerfileParser().parse(part)
            let text = DiagnosticPrinter().render(parsed.diagnostics, in: part)
            #expect(parsed.diagnostics.isEmpty == text.isEmpty)
            for range in parsed.diagnostics.compactMap(\.range) {
                #expect(range.start <= range.end)
                #expect(range.end.line <= max(1, part.lineCount + 1))
            }
        }
    }

    @Test("a file is parsed into the same syntax with either line end", arguments: Golden.cases("dockerfile/valid"))
    func lineEnds(name: String) throws {
        guard !["comment-runs", "crlf", "heredocs"].contains(name) else { return }
        let (source, _) = try Self.source("valid/\(name)")
        var bytes: [UInt8] = []
        for byte in source.bytes {
            if byte == UInt8(ascii: "\n") { bytes.append(UInt8(ascii: "\r")) }
            bytes.append(byte)
        }
        let windows = DockerfileParser().parse(SourceText(name: "Dockerfile", bytes: bytes))
        #expect(windows.value == DockerfileParser().parse(source).value)
    }
}
