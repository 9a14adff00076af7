import BuildContexts
import ByteStrings
import FileModel
import LinuxSystem

/// How overlay file systems write down what is missing.
enum OverlayMark {
    /// In a namespace of users that a process made itself the kernel takes and gives the mark in another place.
    static let opaqueAttribute: ByteString =
        UserNamespace.current.isInitial ? "trusted.overlay.opaque" : "user.overlay.opaque"
    static let opaqueValue = Array("y".utf8)
    static let whiteoutDevice = DeviceNumber(major: 0, minor: 0)

    /// Whether a file of a layer's tree stands for a deletion.
    static func isWhiteout(_ status: FileStatus) -> Bool {
        status.kind == .characterDevice && status.deviceNumber == whiteoutDevice
    }

    /// Whether an archive may set the attribute of this full name on a file of a tree.
    ///
    /// Marks of overlay file systems would let a layer reach beyond itself; labels of the host's security modules say
    /// nothing about a container.
    static func mayBeUnpacked(_ attribute: ByteString) -> Bool {
        !attribute.hasPrefix("trusted.") && !attribute.hasPrefix("user.overlay.")
            && !attribute.hasPrefix(FileRecord.prefix) && attribute != "security.selinux"
    }
}

extension OwnedDescriptor {
    /// Whether this directory of a layer's tree hides all that lower layers have in it.
    borrowing func isOpaqueDirectory() throws(SystemError) -> Bool {
        try extendedAttribute(OverlayMark.opaqueAttribute) == OverlayMark.opaqueValue
    }

    /// The attributes of the entry `name` that a layer keeps.
    borrowing func layerAttributes(of name: ByteString) throws(SystemError) -> [ByteString: [UInt8]] {
        let all = try recordedAttributes(of: name)
        return all.isEmpty ? all : all.filter { CopiedAttribute.includes($0.key) }
    }
}
