/// `ENTRYPOINT command`: what a container always runs.
package struct EntrypointInstruction: Hashable, Sendable {
    /// The command, never expanded; an empty array is one.
    package var command: CommandForm

    package init(command: CommandForm) {
        self.command = command
    }
}
