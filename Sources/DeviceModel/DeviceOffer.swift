package import ByteStrings

/// Every device that the host offers to commands.
package struct DeviceOffer: Hashable, Sendable {
    /// Where devices are described unless the user says otherwise; what the last folder says counts first.
    ///
    /// Source: Container Device Interface, "How does CDI work?".
    package static let standardFolders: [ByteString] = ["/etc/cdi", "/var/run/cdi"]

    /// By name.
    package let devices: [OfferedDevice]

    /// The folders that were looked into.
    package let folders: [ByteString]

    /// What could not be read there, and why.
    package let faults: [String]

    package init(_ devices: [OfferedDevice] = [], folders: [ByteString] = standardFolders, faults: [String] = []) {
        self.devices = devices.sorted { $0.name < $1.name }
        self.folders = folders
        self.faults = faults
    }

    /// The devices meant, by name; empty when there is none.
    package func devices(for selector: DeviceSelector) -> [OfferedDevice] {
        switch selector {
        case .first(let kind): return devices.first { $0.name.kind == kind }.map { [$0] } ?? []
        case .all(let kind): return devices.filter { $0.name.kind == kind }
        case .classed(let name): return devices.filter { $0.className == name }
        case .named(let name):
            let exact = devices.filter { $0.name == name }
            guard exact.isEmpty else { return exact }
            return devices.filter { $0.name.kind == name.kind && $0.className == name.name }
        }
    }
}
