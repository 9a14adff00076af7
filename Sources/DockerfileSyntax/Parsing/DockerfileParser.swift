package import ByteStrings
package import SourceDiagnostics

/// Turns the text of a Dockerfile into its syntax.
///
/// Takes any bytes, and time in proportion to them; it goes on behind every mistake to find the others.
package struct DockerfileParser: Sendable {
    private let frontend: ByteString?

    /// A parser for the language slipway reads itself.
    ///
    /// `frontend` is the value of the build argument `BUILDKIT_SYNTAX`. When it is neither nil nor empty, it counts in
    /// place of the file's own `syntax` directive.
    package init(frontend: ByteString? = nil) {
        self.frontend = frontend?.isEmpty == true ? nil : frontend
    }

    /// The Dockerfile, and everything that is wrong with it; only one without errors can be built.
    ///
    /// Warnings are told whatever the `check` directive says of them. A file for another frontend is read no further
    /// than the line that says so.
    package func parse(_ source: SourceText) -> Parsed<Dockerfile> {
        var reader = LineReader(source)
        var next = reader.logicalLine()
        var diagnostics = DiagnosticCollector()
        var builder = StageBuilder()
        if let refusal = refusal(of: reader.directives.syntax, in: source) {
            diagnostics.add([refusal])
            next = nil
        }
        while !diagnostics.isFull, let line = next {
            Self.add(line, &reader, &builder, &diagnostics, in: source)
            next = reader.logicalLine()
        }
        diagnostics.add(reader.directives.diagnostics)
        if diagnostics.errorCount == 0, let missing = builder.missingStage(in: source) { diagnostics.add([missing]) }

        var dockerfile = builder.dockerfile
        dockerfile.directives = reader.directives.directives
        dockerfile.escape = reader.directives.escape
        dockerfile.checks = reader.directives.checks
        return Parsed(dockerfile, diagnostics: diagnostics.inOrder)
    }

    /// The error of a text that another frontend must read; `directive` is the value of its `# syntax` line.
    private func refusal(of directive: Word?, in source: SourceText) -> Diagnostic? {
        if let frontend { return SyntaxFrontend.refusal(of: frontend, at: nil) }
        guard let syntax = directive ?? SyntaxFrontend.foreignDirective(in: source) else { return nil }
        let word = syntax.text.bytes.prefix { !Blank.isASCII($0) }.count
        // A JSON string may be longer as it is written.
        let end = word == syntax.text.count ? syntax.part.upperBound : syntax.part.lowerBound + word
        return SyntaxFrontend.refusal(of: syntax.text, at: source.range(syntax.part.lowerBound..<end))
    }

    private static func add(
        _ read: LogicalLine,
        _ reader: inout LineReader,
        _ builder: inout StageBuilder,
        _ diagnostics: inout DiagnosticCollector,
        in source: SourceText
    ) {
        var line = read
        let head = InstructionHead(line.text, line.text.startIndex..<line.text.endIndex)
        let documents = documents(of: &line, head, &reader, in: source)
        diagnostics.add(documents.diagnostics)
        var parser = InstructionParser(
            line,
            escape: reader.directives.escape,
            heredocs: documents.heredocs,
            in: source
        )
        let outcome = parser.parse()
        diagnostics.add(parser.diagnostics)
        let keyword = line.range(head.name, in: source)
        let place = StageBuilder.Place(
            range: SourceRange(keyword.start, source.location(atOffset: line.sourceEnd)),
            keyword: keyword,
            comments: line.comments.map { LineReader.comment($0, in: source) }
        )
        if let misplaced = builder.add(outcome, head, at: place) { diagnostics.add([misplaced]) }
    }

    /// One trigger as a base image stores it: the text of an instruction, its heredocs below it.
    ///
    /// The value is nil when there is none that could be used.
    package func parseTrigger(_ text: ByteString) -> Parsed<Located<Instruction>?> {
        let source = SourceText(name: "ONBUILD", bytes: text.bytes)
        var reader = LineReader(source)
        guard var line = reader.logicalLine() else { return Parsed(nil) }
        let head = InstructionHead(line.text, line.text.startIndex..<line.text.endIndex)
        let documents = Self.documents(of: &line, head, &reader, in: source)
        var diagnostics = DiagnosticCollector()
        diagnostics.add(documents.diagnostics)
        var parser = InstructionParser(line, escape: UInt8(ascii: "\\"), heredocs: documents.heredocs, in: source)
        let outcome = parser.parse()
        diagnostics.add(parser.diagnostics)
        let keyword = line.range(head.name, in: source)
        let range = SourceRange(keyword.start, source.location(atOffset: line.sourceEnd))
        if reader.logicalLine() != nil {
            diagnostics.add([Self.invalidTrigger("a trigger is a single instruction", at: range)])
        }
        switch outcome {
        case .instruction(.onbuild), .instruction(.maintainer), .from:
            let message = "ONBUILD, MAINTAINER and FROM aren't allowed as an ONBUILD trigger"
            diagnostics.add([Self.invalidTrigger(message, at: range)])
            return Parsed(nil, diagnostics: diagnostics.inOrder)
        case .instruction(let instruction):
            return Parsed(Located(instruction, at: range, keyword: keyword), diagnostics: diagnostics.inOrder)
        case .invalid: return Parsed(nil, diagnostics: diagnostics.inOrder)
        }
    }

    private static func invalidTrigger(_ message: String, at range: SourceRange) -> Diagnostic {
        Diagnostic(severity: .error, id: "InvalidTrigger", message: message, range: range)
    }

    /// The documents that follow the line, taken off the reader.
    private static func documents(
        of line: inout LogicalLine,
        _ head: InstructionHead,
        _ reader: inout LineReader,
        in source: SourceText
    ) -> (heredocs: [Heredoc], diagnostics: [Diagnostic]) {
        let warnings = line.blankLines.first.map { [emptyContinuation($0, in: line)] } ?? []
        let words = head.heredocs(line.text)
        if words.isEmpty { return ([], warnings) }
        let heredocs = HeredocReader(words, of: &line, in: source, from: &reader)
        return (heredocs.heredocs, warnings + heredocs.diagnostics)
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
}
