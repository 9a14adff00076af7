package import ByteStrings

/// How git reaches servers over SSH.
package struct GitSSH: Hashable, Sendable {
    /// The socket of an agent that has the keys; nil for none.
    package var agentSocket: ByteString?

    /// A file of the keys of servers, as ssh writes them; nil for those of the user and the machine.
    package var knownHosts: ByteString?

    package init(agentSocket: ByteString? = nil, knownHosts: ByteString? = nil) {
        self.agentSocket = agentSocket
        self.knownHosts = knownHosts
    }

    /// The command line for the shell that git starts ssh with.
    ///
    /// No configuration file is read, and no key but the agent's is offered where there is an agent.
    var command: ByteString {
        let options = [
            "BatchMode=yes", "StrictHostKeyChecking=yes", "ForwardAgent=no", "ForwardX11=no", "ClearAllForwardings=yes",
            "PermitLocalCommand=no", "ProxyCommand=none", "ConnectTimeout=30", "ServerAliveInterval=15",
            "ServerAliveCountMax=4",
        ]
        var text = Array("ssh -F /dev/null".utf8)
        for option in options { text += Array(" -o \(option)".utf8) }
        if let knownHosts {
            // Double quotes are for ssh, which splits at spaces; single ones for the shell.
            let path = knownHosts.bytes.flatMap { $0 == UInt8(ascii: "'") ? Array("'\\''".utf8) : [$0] }
            text += Array(" -o 'UserKnownHostsFile=\"".utf8) + path + Array("\"'".utf8)
        }
        return ByteString(text)
    }
}
