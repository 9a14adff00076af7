package import ByteStrings

/// Why a container cannot be given a device of its host.
package enum DeviceError: Error, Equatable, Sendable {
    /// A path that a specification names does not exist, or cannot be looked at.
    case missing(ByteString)

    /// What is there is no device.
    case noDevice(ByteString)

    /// The host has another device there than the specification says.
    case otherDevice(ByteString)

    /// This user may neither read nor write the host's node, and can make none.
    case forbidden(ByteString)
}

extension DeviceError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .missing(let path): "`\(path)`, which its specification names, is not on this host"
        case .noDevice(let path): "`\(path)` of this host is no device"
        case .otherDevice(let path): "`\(path)` of this host is another device than its specification says"
        case .forbidden(let path): "`\(path)` cannot be opened by the user who builds"
        }
    }

    /// The way out.
    package var hint: String {
        switch self {
        case .missing, .noDevice, .otherDevice: "make the specification anew with the vendor's tool, or load the driver"
        case .forbidden(let path): "add the user to the group of `\(path)`, or build as root"
        }
    }
}
