import ArgumentParser
import BuildInterface
import ByteStrings
import RemoteSources

/// Reads the value of `--ssh`.
enum SSHAgentParser {
    /// The variable that names the caller's agent.
    private static let variable: ByteString = "SSH_AUTH_SOCK"

    /// Reads `default` or `ID[=SOCKET]`; without a socket it is that of the caller's agent.
    static func parse(_ text: String, environment: [ByteString: ByteString]) throws -> BuildSSHAgent {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let id = ByteString(String(parts.first ?? ""))
        guard !id.isEmpty else { throw ValidationError("--ssh \(text): it takes default or ID=SOCKET") }
        guard parts.count == 2 else {
            guard let socket = environment[variable], !socket.isEmpty else {
                throw ValidationError(
                    "--ssh \(text): there is no agent: start one with `eval $(ssh-agent)`, so that $\(variable) is set"
                )
            }
            return BuildSSHAgent(id: id, socket: socket)
        }
        let socket = ByteString(String(parts[1]))
        guard !socket.isEmpty else { throw ValidationError("--ssh \(text): a socket is missing after `=`") }
        // Sockets come one at a time; only keys are listed.
        guard !socket.contains(UInt8(ascii: ",")) else {
            throw ValidationError(
                "--ssh \(text): slipway reads no keys: add them to an ssh-agent with ssh-add, and pass its socket"
            )
        }
        return BuildSSHAgent(id: id, socket: socket)
    }

    /// The caller's agent for a context that git fetches over SSH, which would not come without; nil for any other.
    ///
    /// Source: `docker buildx build`, which passes it on as `--ssh default` does.
    static func agent(of context: ContextLocation, environment: [ByteString: ByteString]) -> BuildSSHAgent? {
        guard case .remote(let address) = context, let reference = try? GitReference(address),
            reference.transport == .ssh, let socket = environment[variable], !socket.isEmpty
        else { return nil }
        return BuildSSHAgent(id: "default", socket: socket)
    }
}
