import ByteStrings
import CFuzzer
import DockerfileSyntax
import SourceDiagnostics

@main
enum FuzzDockerfile {
    static func main() {
        var count = CommandLine.argc
        var arguments = CommandLine.unsafeArgv as UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
        _ = LLVMFuzzerRunDriver(&count, &arguments) { check($0, $1) }
    }
}

/// Parses any bytes, looks at every word, prints what was understood, and parses that again.
private func check(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let source = SourceText(name: "Dockerfile", bytes: Array(UnsafeBufferPointer(start: start, count: count)))
    let parsed = DockerfileParser().parse(source)
    checkDiagnostics(parsed.diagnostics, of: source)
    checkWords(of: parsed.value, in: source)
    let tree = SyntaxTree(parsed, of: source)
    precondition(!tree.json.isEmpty)
    if parsed.hasErrors { return 0 }

    let text = DockerfilePrinter().text(of: parsed.value)
    let again = DockerfileParser().parse(SourceText(name: "Dockerfile", bytes: text.bytes))
    precondition(!again.hasErrors, "what was printed cannot be parsed")
    precondition(again.value.withoutPlaces == parsed.value.withoutPlaces, "what was printed means something else")
    precondition(DockerfilePrinter().text(of: again.value) == text, "printing is not stable")
    return 0
}

/// Diagnostics stand in the order of the text, inside it, and can be shown.
private func checkDiagnostics(_ diagnostics: [Diagnostic], of source: SourceText) {
    var last = SourceLocation(line: 0, column: 0)
    for range in diagnostics.compactMap(\.range) {
        precondition(range.start <= range.end && last <= range.start)
        precondition(range.end.line <= source.lineCount + 1)
        last = range.start
    }
    if let first = diagnostics.first { precondition(!DiagnosticPrinter().render(first, in: source).isEmpty) }
}

/// Words stand inside their instruction, and the name is where the parser saw it.
private func checkWords(of dockerfile: Dockerfile, in source: SourceText) {
    for stage in dockerfile.stages {
        for instruction in stage.instructions {
            let words = InstructionWords(instruction.range, in: source, escape: dockerfile.escape)
            precondition(words.keyword.range == instruction.keyword)
            for range in words.arguments.map(\.range) + words.flags.map(\.range) {
                precondition(range.start >= instruction.keyword.end && range.end <= instruction.range.end)
            }
            _ = instruction.skippedChecks
        }
    }
}
