package import DeviceModel

/// What became of one `--device` of a RUN that was allowed.
package struct ExecDevice: Hashable, Sendable {
    /// What was asked of the host, aliases replaced.
    package var meant: DeviceSelector

    /// The devices that the command gets, by name; empty where the host has none and none is required.
    package var names: [DeviceName]

    package init(_ meant: DeviceSelector, _ names: [DeviceName]) {
        self.meant = meant
        self.names = names
    }
}
