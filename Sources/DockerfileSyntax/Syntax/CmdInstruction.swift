/// `CMD command`: what a container runs when it is told nothing else.
package struct CmdInstruction: Hashable, Sendable {
    /// The command, never expanded; an empty array is one.
    package var command: CommandForm

    package init(command: CommandForm) {
        self.command = command
    }
}
