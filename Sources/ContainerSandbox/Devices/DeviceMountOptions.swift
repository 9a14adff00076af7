import ByteStrings
import LinuxSystem

/// The options with which files of the host are mounted for a device.
///
/// Source: `mount(8)`, "FILESYSTEM-INDEPENDENT MOUNT OPTIONS"; OCI runtime specification, "Mounts".
enum DeviceMountOptions {
    /// What says how mounts spread, and comes to what is done anyway: they do not.
    private static let unspread: Set<ByteString> = ["bind", "rbind", "private", "rprivate"]

    /// The attributes, and the options that there are none for; read-only unless one says otherwise.
    static func attributes(_ options: [ByteString]) -> (MountAttributes, unknown: [ByteString]) {
        var attributes: MountAttributes = [.readOnly]
        var unknown: [ByteString] = []
        for option in options where !unspread.contains(option) {
            switch option {
            case "ro": attributes.insert(.readOnly)
            case "rw": attributes.remove(.readOnly)
            case "nosuid": attributes.insert(.noSetID)
            case "suid": attributes.remove(.noSetID)
            case "noexec": attributes.insert(.noExecution)
            case "exec": attributes.remove(.noExecution)
            // Devices come as nodes alone.
            case "nodev": attributes.insert(.noDevices)
            default: unknown.append(option)
            }
        }
        return (attributes, unknown)
    }
}
