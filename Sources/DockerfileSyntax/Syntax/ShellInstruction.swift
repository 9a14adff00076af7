package import ByteStrings

/// `SHELL ["executable", "argument"]`: what shell forms are handed to.
package struct ShellInstruction: Hashable, Sendable {
    /// At least one argument.
    package var arguments: [ByteString]

    package init(arguments: [ByteString]) {
        self.arguments = arguments
    }
}
