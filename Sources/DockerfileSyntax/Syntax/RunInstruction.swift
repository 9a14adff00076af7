package import ByteStrings

/// `RUN command`: a command executed during the build.
package struct RunInstruction: Hashable, Sendable {
    /// The command; with heredocs the command line itself, without the documents.
    package var command: CommandForm
    /// The documents the command line names, in its order.
    package var heredocs: [Heredoc]
    /// The values of `--mount`, one for each, unexpanded.
    package var mounts: [ByteString]
    /// The value of `--network`, or nil: `default`, `none` or `host`.
    package var network: ByteString?
    /// The value of `--security`, or nil: `sandbox` or `insecure`.
    package var security: ByteString?
    /// The values of `--device`, one for each.
    package var devices: [ByteString]

    package init(
        command: CommandForm,
        heredocs: [Heredoc] = [],
        mounts: [ByteString] = [],
        network: ByteString? = nil,
        security: ByteString? = nil,
        devices: [ByteString] = []
    ) {
        self.command = command
        self.heredocs = heredocs
        self.mounts = mounts
        self.network = network
        self.security = security
        self.devices = devices
    }

    /// Whether the command is one heredoc and nothing else: then the document itself is the script.
    package var isLoneHeredoc: Bool {
        guard heredocs.count == 1, case .shell(let text) = command else { return false }
        return text == heredocs[0].written
    }
}
