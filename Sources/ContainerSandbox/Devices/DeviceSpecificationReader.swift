import ByteStrings
import DeviceModel
import FileModel
import LinuxSystem

/// Reads specifications of devices.
///
/// Source: Container Device Interface 1.1.0, "CDI JSON Specification".
enum DeviceSpecificationReader {
    /// Annotations that builders have agreed upon.
    ///
    /// Source: Dockerfile reference, "RUN --device".
    private static let classAnnotation = "org.mobyproject.buildkit.device.class"
    private static let allowAnnotation = "org.mobyproject.buildkit.device.autoallow"

    /// The versions whose files are understood, with any third number.
    private static let versions: Set<String> = [
        "0.3", "0.4", "0.5", "0.6", "0.7", "0.8", "1.0", "1.1",
    ]

    static func read(_ bytes: [UInt8]) throws(DeviceSpecificationError) -> DeviceSpecification {
        let root = try SpecificationNode(bytes)
        let members = try root.members(["cdiVersion", "kind", "annotations", "devices", "containerEdits"])
        guard let version = members["cdiVersion"] else { throw root.error("has no `cdiVersion`") }
        try check(version)
        guard let kindText = members["kind"] else { throw root.error("has no `kind`") }
        guard let kind = DeviceKind(try kindText.text()) else {
            throw kindText.error("is `\(try kindText.text())`, which is not of the form vendor.com/class")
        }
        let annotations = try Self.annotations(members["annotations"])
        guard let list = members["devices"] else { throw root.error("has no `devices`") }
        var devices: [DeviceSpecification.Device] = []
        for element in try list.elements() {
            let device = try Self.device(element, of: kind, annotations)
            guard !devices.contains(where: { $0.name == device.name }) else {
                throw element.error("describes `\(device.name)` once more")
            }
            devices.append(device)
        }
        guard !devices.isEmpty else { throw list.error("is empty") }
        return DeviceSpecification(kind: kind, devices: devices, edits: try edits(members["containerEdits"]))
    }

    private static func check(_ version: SpecificationNode) throws(DeviceSpecificationError) {
        let text = try version.text()
        let parts = text.description.split(separator: ".", omittingEmptySubsequences: false)
        let numbers = parts.allSatisfy { !$0.isEmpty && $0.allSatisfy { $0.isASCII && $0.isNumber } }
        guard parts.count == 3, numbers, versions.contains(parts.prefix(2).joined(separator: ".")) else {
            throw version.error("is `\(text)`; versions 0.3.0 to 1.1.0 are known")
        }
    }

    private static func annotations(
        _ node: SpecificationNode?
    ) throws(DeviceSpecificationError) -> [String: ByteString] {
        var found: [String: ByteString] = [:]
        for (name, value) in try node?.members() ?? [] { found[name] = try value.text() }
        return found
    }

    private static func device(
        _ node: SpecificationNode,
        of kind: DeviceKind,
        _ inherited: [String: ByteString]
    ) throws(DeviceSpecificationError) -> DeviceSpecification.Device {
        let members = try node.members(["name", "annotations", "containerEdits"])
        guard let name = members["name"] else { throw node.error("has no `name`") }
        guard let full = DeviceName(kind, try name.text()) else {
            throw name.error("is `\(try name.text())`, which no device may be called")
        }
        let annotations = inherited.merging(try annotations(members["annotations"])) { $1 }
        let allowed: Set<ByteString> = ["1", "t", "T", "TRUE", "true", "True"]
        return DeviceSpecification.Device(
            name: full,
            className: annotations[classAnnotation],
            isAutoAllowed: annotations[allowAnnotation].map(allowed.contains) ?? false,
            edits: try edits(members["containerEdits"])
        )
    }

    // MARK: - Edits

    private static func edits(_ node: SpecificationNode?) throws(DeviceSpecificationError) -> DeviceEdits {
        var edits = DeviceEdits()
        guard let node else { return edits }
        let members = try node.members([
            "env", "deviceNodes", "netDevices", "hooks", "mounts", "intelRdt", "additionalGids", "additionalGIDs",
        ])
        for variable in try members["env"]?.elements() ?? [] {
            let text = try variable.text()
            guard let equals = text.firstIndex(of: UInt8(ascii: "=")), equals > 0 else {
                throw variable.error("is `\(text)`, which is not NAME=VALUE")
            }
            edits.environment.append(text)
        }
        for element in try members["deviceNodes"]?.elements() ?? [] { try add(deviceNode: element, to: &edits) }
        for element in try members["mounts"]?.elements() ?? [] { try add(mount: element, to: &edits) }
        for name in ["additionalGids", "additionalGIDs"] {
            for element in try members[name]?.elements() ?? [] {
                let group: UInt32 = try element.number(upTo: .max - 1)
                // Root's group is not given away; the specification has it ignored.
                if group != 0 { edits.groups.append(group) }
            }
        }
        for element in try members["hooks"]?.elements() ?? [] { try refuse(hook: element, in: &edits) }
        if let names = try members["netDevices"]?.elements(), !names.isEmpty {
            edits.refusals.append("moves a network interface into the container, which is not done here")
        }
        if members["intelRdt"] != nil {
            edits.refusals.append("asks for a share of caches (`intelRdt`), which is not given here")
        }
        return edits
    }

    /// A hook would run a program of the host on the container's files, with the state that OCI runtimes hand to it.
    private static func refuse(
        hook node: SpecificationNode,
        in edits: inout DeviceEdits
    ) throws(DeviceSpecificationError) {
        let members = try node.members(["hookName", "path", "args", "env", "timeout"])
        guard let name = members["hookName"], let path = members["path"] else {
            throw node.error("needs `hookName` and `path`")
        }
        edits.refusals.append("needs the \(try name.text()) hook `\(try path.path())`, and hooks are not run here")
    }

    private static func add(
        deviceNode node: SpecificationNode,
        to edits: inout DeviceEdits
    ) throws(DeviceSpecificationError) {
        let members = try node.members([
            "path", "hostPath", "type", "major", "minor", "fileMode", "permissions", "uid", "gid",
        ])
        guard let path = try members["path"]?.path() else { throw node.error("has no `path`") }
        var found = DeviceEdits.Node(path: path, hostPath: try members["hostPath"]?.path() ?? path)
        if let type = members["type"] {
            switch try type.text() {
            case "": break
            case "c", "u": found.kind = .characterDevice
            case "b": found.kind = .blockDevice
            case "p": edits.refusals.append("has a pipe at `\(path)`, which is not made here")
            case let other: throw type.error("is `\(other)`; it is b, c, u or p")
            }
        }
        // The kernel's own limits: larger numbers would name another device.
        let major: UInt32 = try members["major"]?.number(upTo: 0xFFF) ?? 0
        let minor: UInt32 = try members["minor"]?.number(upTo: 0xF_FFFF) ?? 0
        if major != 0 { found.number = DeviceNumber(major: major, minor: minor) }
        if let mode: UInt32 = try members["fileMode"]?.number(upTo: .max) {
            found.permissions = UInt16(mode & 0o777)
        }
        found.owner = try members["uid"]?.number(upTo: .max - 1)
        found.group = try members["gid"]?.number(upTo: .max - 1)
        if let permissions = members["permissions"] { try check(permissions, path, &edits) }
        if ProtectedPaths.isForbiddenTarget(path) {
            edits.refusals.append("has a node at `\(path)`, where nothing may be mounted")
        }
        edits.nodes.append(found)
    }

    /// Accepts what comes to reading and writing: no group of devices is there to hold a command to less.
    private static func check(
        _ permissions: SpecificationNode,
        _ path: ByteString,
        _ edits: inout DeviceEdits
    ) throws(DeviceSpecificationError) {
        let letters = Set(try permissions.text().bytes)
        let (read, write, make) = (UInt8(ascii: "r"), UInt8(ascii: "w"), UInt8(ascii: "m"))
        guard letters.isSubset(of: [read, write, make]) else {
            throw permissions.error("is `\(try permissions.text())`; it has the letters r, w and m")
        }
        if !letters.isEmpty, !letters.isSuperset(of: [read, write]) {
            edits.refusals.append("limits what may be done with `\(path)`, and here a device is given whole")
        }
    }

    private static func add(
        mount node: SpecificationNode,
        to edits: inout DeviceEdits
    ) throws(DeviceSpecificationError) {
        let members = try node.members(["hostPath", "containerPath", "options", "type"])
        guard let hostPath = try members["hostPath"]?.path(), let path = try members["containerPath"]?.path() else {
            throw node.error("needs `hostPath` and `containerPath`")
        }
        let type = try members["type"]?.text() ?? ""
        if !["", "none", "bind"].contains(type) {
            edits.refusals.append("mounts `\(type)` on `\(path)`, and only files of the host are mounted here")
        }
        var options: [ByteString] = []
        for option in try members["options"]?.elements() ?? [] { options.append(try option.text()) }
        let (attributes, unknown) = DeviceMountOptions.attributes(options)
        edits.refusals += unknown.map { "mounts `\(path)` with the option `\($0)`, which is not known here" }
        if ProtectedPaths.isForbiddenTarget(path) {
            edits.refusals.append("mounts on `\(path)`, where nothing may be mounted")
        }
        edits.mounts.append(.init(hostPath: hostPath, path: path, attributes: attributes))
    }
}
