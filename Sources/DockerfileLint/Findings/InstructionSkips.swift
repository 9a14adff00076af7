import DockerfileSyntax
import SourceDiagnostics

/// Which rules the comments above instructions switch off, by place.
struct InstructionSkips {
    private var skips: [(first: Int, last: Int, checks: SkippedChecks)] = []

    init(in dockerfile: Dockerfile) {
        for argument in dockerfile.globalArguments { add(argument) }
        for stage in dockerfile.stages {
            add(stage.from)
            for instruction in stage.instructions { add(instruction) }
        }
        skips.sort { $0.first < $1.first }
    }

    /// The comments themselves belong to the instruction, too.
    private mutating func add<Syntax>(_ instruction: Located<Syntax>) {
        guard let first = instruction.comments.first else { return }
        let checks = instruction.skippedChecks
        guard checks.all || !checks.names.isEmpty else { return }
        skips.append((first.range.start.line, instruction.range.end.line, checks))
    }

    /// Whether the instruction that a place belongs to is not to be looked at by a rule.
    func contains(_ rule: String, at place: SourceLocation?) -> Bool {
        guard let line = place?.line else { return false }
        var low = 0
        var high = skips.count
        while low < high {
            let middle = (low + high) / 2
            if skips[middle].first <= line { low = middle + 1 } else { high = middle }
        }
        guard low > 0, skips[low - 1].last >= line else { return false }
        return skips[low - 1].checks.contains(rule)
    }
}
