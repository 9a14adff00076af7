package import ByteStrings
package import FileModel
import SystemPackage

/// Files of layers where the user namespace lacks their owners, or may not make devices.
///
/// In the namespace that the kernel starts with only whiteouts may be recorded, where overlay lies on overlay, and only an
/// empty file takes a system call more.
extension OwnedDescriptor {
    /// The status of the entry `name` with the owner and the device that are recorded for it; nil when it is not there.
    package borrowing func recordedStatus(
        of name: ByteString,
        in namespace: UserNamespace = .current
    ) throws(SystemError) -> FileStatus? {
        guard var status = try statusIfPresent(of: name) else { return nil }
        if try isRecordedWhiteout(name, status, in: namespace) {
            status.kind = .characterDevice
            status.deviceNumber = DeviceNumber(major: 0, minor: 0)
            return status
        }
        guard !namespace.isInitial else { return status }
        if namespace.refusal != nil {
            (status.owner, status.group) = (0, 0)
            if status.kind == .regular || status.kind == .directory {
                status.take(permissions: try extendedAttribute(FileRecord.permissions, of: name))
            }
        }
        switch status.kind {
        case .regular:
            if let value = try extendedAttribute(FileRecord.device, of: name),
                let (device, isBlock) = FileRecord.decodeDevice(value)
            {
                status.kind = isBlock ? .blockDevice : .characterDevice
                status.deviceNumber = device
                status.size = 0
            }
            status.take(try extendedAttribute(FileRecord.owner, of: name))
        case .directory:
            status.take(try extendedAttribute(FileRecord.owner, of: name))
        case .symbolicLink, .fifo:
            if let (owner, group) = try linkRecord()?.owner(of: name) {
                (status.owner, status.group) = (owner, group)
            }
        case .characterDevice, .blockDevice, .socket:
            break
        }
        return status
    }

    /// The status of this file or directory with the owner that is recorded for it.
    package borrowing func recordedStatus(in namespace: UserNamespace = .current) throws(SystemError) -> FileStatus {
        var status = try status()
        guard !namespace.isInitial else { return status }
        if namespace.refusal != nil {
            (status.owner, status.group) = (0, 0)
            status.take(permissions: try extendedAttribute(FileRecord.permissions))
        }
        status.take(try extendedAttribute(FileRecord.owner))
        return status
    }

    /// Makes a device, or an empty file that is recorded as one where the namespace may not make devices.
    ///
    /// Nobody can open the device through the file; the numbers 0, 0, which overlay calls a whiteout, are always made.
    package borrowing func makeRecordedNode(
        _ name: ByteString,
        kind: FileKind,
        permissions: UInt16,
        device: DeviceNumber = DeviceNumber(major: 0, minor: 0),
        in namespace: UserNamespace = .current
    ) throws(SystemError) {
        let isDevice = kind == .characterDevice || kind == .blockDevice
        guard isDevice, !namespace.isInitial, device != DeviceNumber(major: 0, minor: 0) else {
            return try makeNode(name, kind: kind, permissions: permissions, device: device)
        }
        // Whoever has no rights over files may record something only for those that are open.
        try makeNode(name, kind: .regular, permissions: namespace.refusal == nil ? permissions : 0o600)
        let value = FileRecord.encode(device: device, isBlock: kind == .blockDevice)
        try setExtendedAttribute(FileRecord.device, value, of: name)
    }

    /// Makes what overlay calls a whiteout, or an empty file that is recorded as one where even that is refused.
    package borrowing func makeWhiteout(
        _ name: ByteString,
        in namespace: UserNamespace = .current
    ) throws(SystemError) {
        do {
            try makeNode(name, kind: .characterDevice, permissions: 0)
        } catch {
            // In a namespace of users before Linux 5.8, and for everybody on an overlay.
            guard error.errno == .notPermitted else { throw error }
            try makeNode(name, kind: .regular, permissions: namespace.refusal == nil ? 0 : 0o600)
            try setExtendedAttribute(FileRecord.whiteout(in: namespace), [1], of: name)
        }
    }

    /// Forgets the owners of the symbolic links in this directory: those of a lower layer, copied up with it.
    package borrowing func forgetRecordedLinks(in namespace: UserNamespace = .current) throws(SystemError) {
        guard !namespace.isInitial else { return }
        try removeRecord(FileRecord.links, of: nil)
    }

    /// Whether an entry of this status stands for a whiteout that could not be made.
    private borrowing func isRecordedWhiteout(
        _ name: ByteString,
        _ status: FileStatus,
        in namespace: UserNamespace
    ) throws(SystemError) -> Bool {
        guard status.kind == .regular, status.size == 0 else { return false }
        return try extendedAttribute(FileRecord.whiteout(in: namespace), of: name) != nil
    }

    // MARK: - For setOwner

    /// Records the owner of the entry `name`, for it cannot have it; it keeps root's.
    borrowing func record(_ owner: UInt32, _ group: UInt32, of name: ByteString) throws(SystemError) {
        let value = FileRecord.encode(owner: owner, group: group)
        guard let kind = try statusIfPresent(of: name)?.kind else { return }
        switch kind {
        case .regular, .directory:
            try setExtendedAttribute(FileRecord.owner, value, of: name)
        case .symbolicLink, .fifo:
            var record = try linkRecord() ?? LinkRecord()
            record.set(owner, group, of: name)
            try write(record)
        case .characterDevice, .blockDevice, .socket:
            break
        }
    }

    /// Records the owner of this file or directory, for it cannot have it; it keeps root's.
    borrowing func record(_ owner: UInt32, _ group: UInt32) throws(SystemError) {
        switch try status().kind {
        case .regular, .directory:
            try setExtendedAttribute(FileRecord.owner, FileRecord.encode(owner: owner, group: group))
        default:
            break
        }
    }

    /// Takes back what was recorded of the entry `name`, which has its owner now.
    borrowing func forgetRecord(of name: ByteString) throws(SystemError) {
        guard let kind = try statusIfPresent(of: name)?.kind else { return }
        switch kind {
        case .regular, .directory:
            try removeRecord(FileRecord.owner, of: name)
        case .symbolicLink, .fifo:
            guard var record = try linkRecord(), record.owner(of: name) != nil else { return }
            record.remove(name)
            try write(record)
        case .characterDevice, .blockDevice, .socket:
            break
        }
    }

    /// Takes back what was recorded of this file, which has its owner now.
    borrowing func forgetRecord() throws(SystemError) {
        try removeRecord(FileRecord.owner, of: nil)
    }

    private borrowing func linkRecord() throws(SystemError) -> LinkRecord? {
        try extendedAttribute(FileRecord.links).flatMap { LinkRecord($0) }
    }

    private borrowing func write(_ record: LinkRecord) throws(SystemError) {
        guard let value = record.value else { return try removeRecord(FileRecord.links, of: nil) }
        do {
            try setExtendedAttribute(FileRecord.links, value)
        } catch {
            // The block is full: the links that are left are root's.
            let isFull = error.errno == .noSpace || error.errno == .argListTooLong || error.errno == .outOfRange
            if !isFull { throw error }
        }
    }

    /// Removes the attribute of the entry `name`, of this file where that is nil, if it is there.
    borrowing func removeRecord(_ attribute: ByteString, of name: ByteString?) throws(SystemError) {
        do {
            if let name {
                try removeExtendedAttribute(attribute, of: name)
            } else {
                try removeExtendedAttribute(attribute)
            }
        } catch {
            let isGone = error.errno == .noData || error.errno == .notSupported || error.errno == .notPermitted
            if !isGone { throw error }
        }
    }
}

extension FileStatus {
    fileprivate mutating func take(_ owner: [UInt8]?) {
        guard let owner, let (user, group) = FileRecord.decodeOwner(owner) else { return }
        self.owner = user
        self.group = group
    }

    fileprivate mutating func take(permissions: [UInt8]?) {
        guard let permissions, let bits = FileRecord.decodePermissions(permissions) else { return }
        self.permissions = bits
    }
}
