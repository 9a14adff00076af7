package import ByteStrings
import FileModel
import SystemPackage

/// Permissions and file capabilities of files of layers where the caller was refused a user namespace.
///
/// Whoever owns all files and has no rights over them must be able to read what the image's owner may not, and to write
/// into folders that are closed; and only root writes file capabilities. Elsewhere none of this makes a difference.
extension OwnedDescriptor {
    /// Changes the twelve mode bits of the entry `name`, or records those that would shut this process out.
    package borrowing func setRecordedPermissions(
        _ permissions: UInt16,
        of name: ByteString,
        in namespace: UserNamespace = .current
    ) throws(SystemError) {
        guard namespace.refusal != nil, let kind = try statusIfPresent(of: name)?.kind else {
            return try setPermissions(permissions, of: name)
        }
        guard let open = Self.openPermissions(permissions, kind) else {
            try setPermissions(permissions, of: name)
            if kind == .regular || kind == .directory { try removeRecord(FileRecord.permissions, of: name) }
            return
        }
        try setPermissions(open, of: name)
        try setExtendedAttribute(FileRecord.permissions, FileRecord.encode(permissions: permissions), of: name)
    }

    /// The same for this file or directory.
    package borrowing func setRecordedPermissions(
        _ permissions: UInt16,
        in namespace: UserNamespace = .current
    ) throws(SystemError) {
        guard namespace.refusal != nil else { return try setPermissions(permissions) }
        guard let open = Self.openPermissions(permissions, try status().kind) else {
            try setPermissions(permissions)
            return try removeRecord(FileRecord.permissions, of: nil)
        }
        try setPermissions(open)
        try setExtendedAttribute(FileRecord.permissions, FileRecord.encode(permissions: permissions))
    }

    /// Sets an attribute of the entry `name` as a layer has it, or records it as far as layers keep such.
    package borrowing func setRecordedAttribute(
        _ attribute: ByteString,
        _ value: [UInt8],
        of name: ByteString,
        in namespace: UserNamespace = .current
    ) throws(SystemError) {
        do {
            try setExtendedAttribute(attribute, value, of: name)
        } catch {
            guard namespace.refusal != nil, error.errno == .notPermitted else { throw error }
            guard attribute == FileRecord.capability else { return }
            try setExtendedAttribute(FileRecord.recordedCapability, value, of: name)
        }
    }

    /// The same for this file or directory.
    package borrowing func setRecordedAttribute(
        _ attribute: ByteString,
        _ value: [UInt8],
        in namespace: UserNamespace = .current
    ) throws(SystemError) {
        do {
            try setExtendedAttribute(attribute, value)
        } catch {
            guard namespace.refusal != nil, error.errno == .notPermitted else { throw error }
            guard attribute == FileRecord.capability else { return }
            try setExtendedAttribute(FileRecord.recordedCapability, value)
        }
    }

    /// All extended attributes of the entry `name`, with those that are recorded for it.
    package borrowing func recordedAttributes(
        of name: ByteString,
        in namespace: UserNamespace = .current
    ) throws(SystemError) -> [ByteString: [UInt8]] {
        var attributes = try extendedAttributes(of: name)
        guard namespace.refusal != nil, let recorded = attributes.removeValue(forKey: FileRecord.recordedCapability)
        else { return attributes }
        attributes[FileRecord.capability] = recorded
        return attributes
    }

    /// The permissions by which the owner gets in all the same; nil where these are no obstacle.
    private static func openPermissions(_ permissions: UInt16, _ kind: FileKind) -> UInt16? {
        let needed: UInt16 =
            switch kind {
            case .directory: 0o700
            case .regular: 0o600
            default: 0
            }
        return permissions & needed == needed ? nil : permissions | needed
    }
}
