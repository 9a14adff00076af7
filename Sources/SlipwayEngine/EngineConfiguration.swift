package import ByteStrings
package import LinuxSystem

/// What an engine must know before it opens its store.
package struct EngineConfiguration: Sendable {
    /// The state directory, absolute.
    package var root: ByteString

    /// The mode bits of archives that are written for the user.
    package var outputPermissions: UInt16 = 0o644

    /// Variables of the caller, for secrets and defaults.
    package var environment: [ByteString: ByteString]

    /// Chooses the state directory: the one given, else `$SLIPWAY_ROOT`, else the user's.
    ///
    /// Source: XDG Base Directory Specification 0.8 for ordinary users; root's is `/var/lib/slipway`.
    ///
    /// - Throws: `SystemError` when a relative path is given and the current directory is gone.
    package init(root: ByteString?, environment: [ByteString: ByteString]) throws(SystemError) {
        self.environment = environment
        let path = root ?? Self.defaultRoot(environment)
        self.root = path.isAbsolutePath ? path : try Host.currentDirectory().appendingPath(path)
    }

    private static func defaultRoot(_ environment: [ByteString: ByteString]) -> ByteString {
        if let root = environment["SLIPWAY_ROOT"], !root.isEmpty { return root }
        if UserNamespace.current.callerUserID == 0 { return "/var/lib/slipway" }
        if let data = environment["XDG_DATA_HOME"], data.isAbsolutePath { return data.appendingPath("slipway") }
        return (environment["HOME"] ?? "/").appendingPath(".local/share/slipway")
    }
}
