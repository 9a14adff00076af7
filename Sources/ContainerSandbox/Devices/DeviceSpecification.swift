import ByteStrings
import DeviceModel

/// What one file says: devices of a kind, and what a container needs for each.
struct DeviceSpecification: Equatable, Sendable {
    struct Device: Equatable, Sendable {
        var name: DeviceName
        var className: ByteString?
        var isAutoAllowed: Bool
        var edits: DeviceEdits
    }

    var kind: DeviceKind
    var devices: [Device]

    /// What every device of the file needs beside its own.
    var edits: DeviceEdits
}

/// Why a file describes no devices.
struct DeviceSpecificationError: Error, Equatable, Sendable, CustomStringConvertible {
    var reason: String

    /// Counted from 1; nil where it is the file as a whole.
    var line: Int?

    var description: String {
        line.map { "line \($0): \(reason)" } ?? reason
    }
}
