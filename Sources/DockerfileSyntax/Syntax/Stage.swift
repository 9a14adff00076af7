/// One build stage: its `FROM` and what follows up to the next.
package struct Stage: Hashable, Sendable {
    package var from: Located<FromInstruction>
    package var instructions: [Located<Instruction>]

    package init(from: Located<FromInstruction>, instructions: [Located<Instruction>] = []) {
        self.from = from
        self.instructions = instructions
    }
}
