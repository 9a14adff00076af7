package import ByteStrings

/// What one `--mount` flag of a `RUN` asks for.
package struct RunMount: Hashable, Sendable {
    package var type = RunMountType.bind
    /// Where in the container; empty when it is not given.
    package var target: ByteString = ""
    /// What of the origin, empty for all of it; for a secret its name.
    package var source: ByteString = ""
    /// A stage, an image or a named context; nil for the build context.
    package var from: ByteString?
    /// Whether writing is forbidden: the usual thing for all but caches and tmpfs.
    package var readOnly = true
    /// The name of a cache, a secret or an agent; nil when it is not given.
    package var id: ByteString?
    /// How a cache is shared; nil when it is not given.
    package var sharing: RunMountSharing?
    /// Permission bits, nil when not given.
    package var mode: UInt32?
    package var uid: UInt32?
    package var gid: UInt32?
    /// The size limit of a tmpfs in bytes, nil when not given.
    package var size: Int64?
    /// Whether the step fails without the secret or the agent.
    package var required = false
    /// The environment variable that gets a secret's value, nil when not given.
    package var env: ByteString?

    static let keys = [
        "type", "from", "source", "src", "target", "dst", "destination", "readonly", "ro", "readwrite", "rw", "id",
        "sharing", "required", "mode", "uid", "gid", "size", "env",
    ]

    /// Reads the value of a flag, all variables replaced already.
    package init(parsing text: ByteString) throws(RunMountError) {
        self = try RunMount(parsing: text) { (value) throws(ExpansionError) in value }
    }

    /// Reads the value of a flag, and replaces the variables in each of its values, which may hold commas and quotes.
    package init(
        parsing text: ByteString,
        expanding expand: (ByteString) throws(ExpansionError) -> ByteString
    ) throws(RunMountError) {
        var writable: Bool?
        var given: Set<String> = []
        for field in try CommaSeparatedFields.split(text) {
            let (key, written) = Self.parts(of: field)
            guard Self.keys.contains(key) else { throw .unknownKey(ByteString(key), field: field) }
            given.insert(key)
            guard let written else {
                switch key {
                case "readonly", "ro": writable = false
                case "readwrite", "rw": writable = true
                case "required": required = true
                default: throw .missingValue(field)
                }
                continue
            }
            let value: ByteString
            do {
                value = try expand(written)
            } catch {
                throw .expansion(error)
            }
            try set(key, value, &writable)
        }
        readOnly = !(writable ?? (type == .cache || type == .tmpfs))
        try check(given)
    }

    /// Checks what can be told while variables are not replaced: the form, and that `from` has none.
    static func checkUnexpanded(_ text: ByteString) throws(RunMountError) {
        for field in try CommaSeparatedFields.split(text) {
            let (key, value) = parts(of: field)
            if key == "from", let value, let dollar = value.firstIndex(of: UInt8(ascii: "$")), dollar + 1 < value.count
            {
                throw .variableInFrom
            }
        }
    }

    private static func parts(of field: ByteString) -> (key: String, value: ByteString?) {
        guard let equals = field.firstIndex(of: UInt8(ascii: "=")) else { return (field.description.lowercased(), nil) }
        return (ByteString(field[..<equals]).description.lowercased(), ByteString(field[(equals + 1)...]))
    }

    private mutating func set(_ key: String, _ value: ByteString, _ writable: inout Bool?) throws(RunMountError) {
        switch key {
        case "type":
            guard let type = RunMountType(rawValue: value.description.lowercased()) else { throw .unknownType(value) }
            self.type = type
        case "from": from = value.isEmpty ? nil : value
        case "source", "src": source = value
        case "target", "dst", "destination": target = value
        case "readonly", "ro": writable = try !Self.boolean(key, value)
        case "readwrite", "rw": writable = try Self.boolean(key, value)
        case "required": required = try Self.boolean(key, value)
        case "size":
            guard let size = GoLiteral.byteCount(value) else { throw .invalidValue(key: "size", value: value) }
            self.size = size
        case "id": id = value.isEmpty ? nil : value
        case "sharing":
            guard let sharing = RunMountSharing(rawValue: value.description.lowercased()) else {
                throw .unknownSharing(value)
            }
            self.sharing = sharing
        case "mode": mode = try Self.number(key, value, radix: 8)
        case "uid": uid = try Self.number(key, value, radix: 10)
        case "gid": gid = try Self.number(key, value, radix: 10)
        default: env = value.isEmpty ? nil : value
        }
    }

    private static func boolean(_ key: String, _ value: ByteString) throws(RunMountError) -> Bool {
        guard let boolean = GoLiteral.boolean(value) else { throw .invalidValue(key: ByteString(key), value: value) }
        return boolean
    }

    private static func number(_ key: String, _ value: ByteString, radix: Int) throws(RunMountError) -> UInt32 {
        guard !value.isEmpty, value.bytes.allSatisfy(GoLiteral.isDigit),
            let number = UInt32(value.description, radix: radix)
        else { throw .invalidValue(key: ByteString(key), value: value) }
        return number
    }

    /// Refuses what mounts of the type do not have, whatever the order of the fields.
    private func check(_ given: Set<String>) throws(RunMountError) {
        let hasOwner = type == .secret || type == .ssh || type == .cache
        for key in ["mode", "uid", "gid"] where given.contains(key) && !hasOwner {
            throw .unexpectedKey(ByteString(key), type)
        }
        if given.contains("size"), type != .tmpfs { throw .unexpectedKey("size", type) }
        if given.contains("required"), type != .secret, type != .ssh { throw .unexpectedKey("required", type) }
        if given.contains("env"), type != .secret { throw .unexpectedKey("env", type) }
        if sharing != nil, type != .cache { throw .unexpectedKey("sharing", type) }
        guard type == .secret else { return }
        if from != nil { throw .unexpectedKey("from", type) }
        if source.isEmpty, target.isEmpty, id == nil { throw .namelessSecret }
        if !source.isEmpty, id != nil { throw .secretNamedTwice }
    }
}
