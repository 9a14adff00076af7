package import ByteStrings

/// How git reaches servers over SSH.
package struct GitSSH: Hashable, Sendable {
    /// The socket of an agent that has the keys; nil for none.
    package var agentSocket: ByteString?

    /// A file of the keys of servers, as ssh writes them, beside those of the machine; nil for the one that ssh finds.
    package var knownHosts: ByteString?

    package init(agentSocket: ByteString? = nil, knownHosts: ByteString? = nil) {
        self.agentSocket = agentSocket
        self.knownHosts = knownHosts
    }

    /// The command line for the shell that git starts ssh with.
    ///
    /// No configuration file is read, and no key is offered but the agent's: without an agent there is none. Source:
    /// `ssh_config(5)`, "IdentityFile", "IdentityAgent".
    var command: ByteString {
        // The agent by the name of its variable, since a path could hold what ssh expands.
        let agent = agentSocket == nil ? "none" : "SSH_AUTH_SOCK"
        let options = [
            "BatchMode=yes", "StrictHostKeyChecking=yes", "ForwardAgent=no", "ForwardX11=no", "ClearAllForwardings=yes",
            "PermitLocalCommand=no", "ProxyCommand=none", "ConnectTimeout=30", "ServerAliveInterval=15",
            "ServerAliveCountMax=4", "IdentityFile=none", "IdentitiesOnly=no", "IdentityAgent=\(agent)",
        ]
        var text = Array("ssh -F /dev/null".utf8)
        for option in options { text += Array(" -o \(option)".utf8) }
        if let knownHosts {
            // Double quotes are for ssh, which splits at spaces and expands `%`; single ones for the shell.
            let path = knownHosts.bytes.flatMap { byte in
                switch byte {
                case UInt8(ascii: "'"): Array("'\\''".utf8)
                case UInt8(ascii: "%"): Array("%%".utf8)
                default: [byte]
                }
            }
            text += Array(" -o 'UserKnownHostsFile=\"".utf8) + path + Array("\"'".utf8)
        }
        return ByteString(text)
    }
}
