import ByteStrings
import DockerfileSyntax

/// Follows a walk through the stages of a Dockerfile.
protocol StageVisitor {
    /// Comes to the start of a stage.
    mutating func enter(_ stage: Int, _ scope: Scope)

    /// Comes to an instruction, before it has changed anything.
    mutating func visit(_ instruction: Located<Instruction>, of stage: Int, _ scope: Scope)

    /// Comes to a word of that instruction which the builder expands, with the variables as they are for it.
    mutating func visit(_ word: ExpandedWord, in instruction: Located<Instruction>, _ scope: Scope)

    /// Leaves a stage and all that rest on it.
    mutating func leave(_ stage: Int)
}

extension StageVisitor {
    mutating func enter(_ stage: Int, _ scope: Scope) {}
    mutating func visit(_ instruction: Located<Instruction>, of stage: Int, _ scope: Scope) {}
    mutating func visit(_ word: ExpandedWord, in instruction: Located<Instruction>, _ scope: Scope) {}
    mutating func leave(_ stage: Int) {}
}
