package import ByteStrings

/// One consent of whoever builds to what commands may ask for: `--allow device…`.
package enum DeviceGrant: Hashable, Sendable {
    /// `device`: whatever the host offers.
    case all

    /// `device=SELECTOR`: these devices.
    case selected(DeviceSelector)

    /// `device=SELECTOR,alias=NAME`: these devices, asked for by another name and by that alone.
    case alias(ByteString, of: DeviceSelector)
}
