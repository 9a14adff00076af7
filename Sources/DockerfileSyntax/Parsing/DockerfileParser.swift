package import ByteStrings
package import SourceDiagnostics

/// Turns the text of a Dockerfile into its syntax.
///
/// Takes any bytes, and time in proportion to them; it goes on behind every mistake to find the others.
package struct DockerfileParser: Sendable {
    package init() {}

    /// The Dockerfile, and everything that is wrong with it; only one without errors can be built.
    package func parse(_ source: SourceText) -> Parsed<Dockerfile> {
        var reader = LineReader(source)
        var builder = StageBuilder()
        var diagnostics = DiagnosticCollector()
        while !diagnostics.isFull, let next = Self.next(&reader, in: source) {
            let line = next.line
            diagnostics.add(next.diagnostics)
            var parser = InstructionParser(line, escape: reader.directives.escape, heredocs: next.heredocs, in: source)
            let outcome = parser.parse()
            let head = InstructionHead(line.text, line.text.startIndex..<line.text.endIndex)
            let range = SourceRange(
                source.location(atOffset: line.sourceOffset(head.name.lowerBound)),
                source.location(atOffset: line.sourceEnd)
            )
            builder.add(outcome, head, named: line.range(head.name, in: source), at: range)
            diagnostics.add(parser.diagnostics)
            diagnostics.add(builder.takeDiagnostics())
        }
        var all = reader.directives.diagnostics + diagnostics.diagnostics
        if diagnostics.errorCount == 0, let missing = builder.missingStage(in: source) { all.append(missing) }

        var dockerfile = builder.dockerfile
        dockerfile.directives = reader.directives.directives
        dockerfile.escape = reader.directives.escape
        dockerfile.checks = reader.directives.checks
        return Parsed(dockerfile, diagnostics: all.compactMap(dockerfile.checks.applied(to:)))
    }

    /// One trigger as a base image stores it: the text of an instruction, its heredocs below it.
    ///
    /// The value is nil when there is none that could be used.
    package func parseTrigger(_ text: ByteString) -> Parsed<Located<Instruction>?> {
        let source = SourceText(name: "ONBUILD", bytes: text.bytes)
        var reader = LineReader(source)
        guard let next = Self.next(&reader, in: source) else { return Parsed(nil) }
        let line = next.line
        var diagnostics = next.diagnostics
        var parser = InstructionParser(line, escape: UInt8(ascii: "\\"), heredocs: next.heredocs, in: source)
        let outcome = parser.parse()
        diagnostics += parser.diagnostics
        let start = source.location(atOffset: line.sourceOffset(0))
        let range = SourceRange(start, source.location(atOffset: line.sourceEnd))
        if reader.logicalLine() != nil {
            diagnostics.append(
                Diagnostic(
                    severity: .error,
                    id: "InvalidTrigger",
                    message: "a trigger is a single instruction",
                    range: range
                )
            )
        }
        switch outcome {
        case .instruction(.onbuild), .instruction(.maintainer), .from:
            diagnostics.append(
                Diagnostic(
                    severity: .error,
                    id: "InvalidTrigger",
                    message: "ONBUILD, MAINTAINER and FROM aren't allowed as an ONBUILD trigger",
                    range: range
                )
            )
            return Parsed(nil, diagnostics: diagnostics)
        case .instruction(let instruction): return Parsed(Located(instruction, at: range), diagnostics: diagnostics)
        case .invalid: return Parsed(nil, diagnostics: diagnostics)
        }
    }

    /// The next instruction's line and documents, or nil at the end of the text.
    private static func next(
        _ reader: inout LineReader,
        in source: SourceText
    ) -> (line: LogicalLine, heredocs: [Heredoc], diagnostics: [Diagnostic])? {
        guard var line = reader.logicalLine() else { return nil }
        let warnings = line.blankLines.first.map { [emptyContinuation($0, in: line)] } ?? []
        guard containsHeredocOperator(line.text),
            InstructionHead(line.text, line.text.startIndex..<line.text.endIndex).takesHeredocs(line.text)
        else { return (line, [], warnings) }
        let words = HeredocWord.all(in: line.text)
        if words.isEmpty { return (line, [], warnings) }
        let heredocs = HeredocReader(words, of: &line, in: source, from: &reader)
        return (line, heredocs.heredocs, warnings + heredocs.diagnostics)
    }

    private static func emptyContinuation(_ number: Int, in line: LogicalLine) -> Diagnostic {
        let place = SourceLocation(line: number, column: 1)
        return Diagnostic(
            severity: .warning,
            id: "NoEmptyContinuation",
            message: "empty continuation line",
            range: SourceRange(place, place),
            notes: ["the instruction starts on line \(line.firstLine)"],
            hint: "take the empty line out, or make it a comment"
        )
    }

    private static func containsHeredocOperator(_ text: [UInt8]) -> Bool {
        guard text.count > 1 else { return false }
        for index in 1..<text.count where text[index] == UInt8(ascii: "<") && text[index - 1] == UInt8(ascii: "<") {
            return true
        }
        return false
    }
}
