package import ByteStrings

/// A device that the host offers to commands.
package struct OfferedDevice: Hashable, Sendable {
    package var name: DeviceName

    /// The class that its specification puts it into; nil for none.
    package var className: ByteString?

    /// Whether its specification says that whoever builds may have it.
    package var isAutoAllowed: Bool

    /// Why no command can be given it, in words that follow its name; nil when one can.
    package var fault: String?

    package init(
        _ name: DeviceName,
        className: ByteString? = nil,
        isAutoAllowed: Bool = false,
        fault: String? = nil
    ) {
        self.name = name
        self.className = className
        self.isAutoAllowed = isAutoAllowed
        self.fault = fault
    }
}
