package import ByteStrings

/// A command in one of its two spellings.
package enum CommandForm: Hashable, Sendable {
    /// Text for the shell, with continued lines joined.
    case shell(ByteString)
    /// The arguments of a JSON array.
    case exec([ByteString])
}
