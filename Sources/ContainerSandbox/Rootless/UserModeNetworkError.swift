package import ByteStrings
package import LinuxSystem

/// Why an ordinary user's container cannot have a network of its own.
package enum UserModeNetworkError: Error, Hashable, Sendable {
    /// Neither of the programs that could carry its packets is installed.
    case noProgram

    /// There is no `/dev/net/tun`, which the program needs.
    case noTunnel(ByteString)

    /// The program ended before the network was there; the text is what it said last, empty for nothing.
    case ended(ByteString, said: String)

    /// The program did not have the network ready in time; how long it was given.
    case late(ByteString, Duration)

    /// A system call failed.
    case system(SystemError)
}

extension UserModeNetworkError: CustomStringConvertible {
    package var description: String {
        "cannot make a network for the command: \(reason); use `--network host` or `--network none`"
    }

    private var reason: String {
        switch self {
        case .noProgram: "neither slirp4netns nor pasta is installed, one of which an ordinary user needs"
        case .noTunnel(let program):
            "there is no `/dev/net/tun`, which \(program) needs (`modprobe tun`, or `--device /dev/net/tun` of the "
                + "outer container, makes it)"
        case .ended(let program, let said) where said.contains("/dev/net/tun"):
            "\(program) may not open `/dev/net/tun` (`chmod 666 /dev/net/tun` allows it)"
        case .ended(let program, let said) where said.isEmpty: "\(program) ended without a word"
        case .ended(let program, let said): "\(program) says: \(said)"
        case .late(let program, let time): "\(program) was not ready after \(time.components.seconds) seconds"
        case .system(let error): error.description
        }
    }
}
