import ByteStrings
import FileModel
import LinuxSystem

/// Writes set-up operations in the form that the first process of a container reads.
///
/// The form is described at ``SetupFormat``.
struct PolicyEncoder {
    private var bytes: [UInt8] = []

    /// The whole policy.
    static func encode(_ operations: [SetupOperation]) -> [UInt8] {
        var policy = PolicyEncoder()
        policy.append(SetupFormat.magic)
        policy.append(SetupFormat.version)
        for operation in operations {
            let (opcode, values) = operation.encoded
            var fields = PolicyEncoder()
            for value in values { fields.append(value) }
            policy.append(opcode.rawValue)
            policy.append(UInt16(0))
            policy.append(UInt32(truncatingIfNeeded: fields.bytes.count))
            policy.bytes += fields.bytes
        }
        return policy.bytes
    }

    private mutating func append(_ field: SetupField) {
        switch field {
        case .integer32(let value): append(value)
        case .integer64(let value): append(value)
        case .integers(let values):
            append(UInt32(truncatingIfNeeded: values.count))
            for value in values { append(value) }
        case .text(let text): append(text)
        case .texts(let texts):
            append(UInt32(truncatingIfNeeded: texts.count))
            for text in texts { append(text) }
        case .blob(let blob):
            append(UInt32(truncatingIfNeeded: blob.count))
            bytes += blob
        }
    }

    private mutating func append(_ integer: some FixedWidthInteger) {
        withUnsafeBytes(of: integer.littleEndian) { bytes += $0 }
    }

    private mutating func append(_ text: ByteString) {
        append(UInt32(truncatingIfNeeded: text.count))
        bytes += text.bytes
        bytes.append(0)
    }
}

/// One field of an operation.
enum SetupField: Hashable, Sendable {
    case integer32(UInt32)
    case integer64(UInt64)
    case integers([UInt32])
    case text(ByteString)
    case texts([ByteString])

    /// Bytes that may hold a NUL.
    case blob([UInt8])

    static func flag(_ value: Bool) -> SetupField {
        .integer32(value ? 1 : 0)
    }
}

extension SetupOperation {
    /// The number of the operation and its fields, in the order in which they are read.
    var encoded: (SetupOpcode, [SetupField]) {
        switch self {
        case .dieWithParent: (.dieWithParent, [])
        case .followUnmounts: (.followUnmounts, [])
        case .isolateMounts: (.isolateMounts, [])
        case .joinSessionKeyring: (.joinSessionKeyring, [])
        case .mountOverlay(let overlay): (.mountOverlay, overlay.fields)
        case .mountFilesystem(let filesystem): (.mountFilesystem, filesystem.fields)
        case .makeDirectory(let path, let permissions): (.makeDirectory, [.text(path), .integer32(permissions)])
        case .makeDevice(let path, let number, let permissions):
            (.makeDevice, [.text(path), .integer32(permissions), .integer32(number.major), .integer32(number.minor)])
        case .makeSymbolicLink(let path, let target): (.makeSymbolicLink, [.text(path), .text(target)])
        case .guardDevices(let path, let names): (.guardDevices, [.text(path), .texts(names)])
        case .bindMount(let bind):
            (
                .bindMount,
                [.text(bind.source), .text(bind.subpath), .text(bind.target), .integer64(bind.attributes.rawValue)]
            )
        case .mountFile(let file): (.mountFile, file.fields)
        case .mountDevice(let device): (.mountDevice, device.fields)
        case .mountLayers(let layers):
            (
                .mountLayers,
                layers.overlay.fields + [
                    .text(layers.subpath), .text(layers.target), .integer64(layers.attributes.rawValue),
                ]
            )
        case .mask(let path): (.mask, [.text(path)])
        case .makeReadOnly(let path): (.makeReadOnly, [.text(path)])
        case .enterRoot: (.enterRoot, [])
        case .mountAssembly(let place): (.mountAssembly, [.text(place)])
        case .adoptMount(let path, let place): (.adoptMount, [.text(path), .text(place)])
        case .awaitCommand: (.awaitCommand, [])
        case .joinNetwork(let descriptor): (.joinNetwork, [.integer32(descriptor)])
        case .setHostName(let name): (.setHostName, [.text(name)])
        case .raiseLoopback: (.raiseLoopback, [])
        case .setCreationMask(let mask): (.setCreationMask, [.integer32(mask)])
        case .setLimit(let limit):
            (.setLimit, [.integer32(limit.resource.rawValue), .integer64(limit.soft), .integer64(limit.hard)])
        case .closeDescriptors: (.closeDescriptors, [])
        case .changeDirectory(let path): (.changeDirectory, [.text(path)])
        case .installFilter(let instructions): (.installFilter, [.blob(instructions)])
        case .limitCapabilities(let kept): (.limitCapabilities, [.integer64(kept.rawValue)])
        case .assumeUser(let user, let group, let groups):
            (.assumeUser, [.integer32(user), .integer32(group), .integers(groups)])
        case .setCapabilities(let active, let inheritable, let ambient):
            (
                .setCapabilities,
                [.integer64(active.rawValue), .integer64(inheritable.rawValue), .integer64(ambient.rawValue)]
            )
        case .execute(let candidates, let arguments, let environment):
            (.execute, [.texts(candidates), .texts(arguments), .texts(environment)])
        }
    }
}

extension SetupOperation.Overlay {
    fileprivate var fields: [SetupField] {
        [
            .text(place), .integer64(attributes.rawValue), .texts(lowers), .text(upper), .text(work),
            .texts(options.flatMap { [$0.key, $0.value] }), .texts(OverlayOptionText.texts(of: self)),
        ]
    }
}

extension SetupOperation.File {
    fileprivate var fields: [SetupField] {
        [
            .text(place), .text(target), .integer64(attributes.rawValue), .integer32(UInt32(permissions)),
            .integer32(owner), .integer32(group), .blob(content),
        ]
    }
}

extension SetupOperation.Device {
    fileprivate var fields: [SetupField] {
        [
            .text(place), .text(target), .integer64(attributes.rawValue), .flag(isBlock),
            .integer32(UInt32(permissions)), .integer32(owner), .integer32(group), .integer32(number.major),
            .integer32(number.minor),
        ]
    }
}

extension SetupOperation.Filesystem {
    fileprivate var fields: [SetupField] {
        [
            .text(type), .text(target), .integer64(attributes.rawValue), .flag(isRequested), .flag(isOptional),
            .integer32(UInt32(truncatingIfNeeded: options.count)),
        ] + options.flatMap { [.text($0.key), .text($0.value)] }
    }
}
