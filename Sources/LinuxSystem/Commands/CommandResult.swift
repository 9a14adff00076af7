/// How a command ended, and what it wrote.
package struct CommandResult: Hashable, Sendable {
    package var status: ExitStatus

    /// The bytes of its standard output.
    package var output: [UInt8]

    /// The end of its standard error.
    package var errors: [UInt8]

    package init(status: ExitStatus, output: [UInt8], errors: [UInt8]) {
        self.status = status
        self.output = output
        self.errors = errors
    }
}
