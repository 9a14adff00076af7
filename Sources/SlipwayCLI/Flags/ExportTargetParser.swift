import ArgumentParser
import BuildInterface
import ByteStrings

/// Reads the value of `--output`.
enum ExportTargetParser {
    /// Reads `type=…,dest=…`, or a bare path, which means `type=local`, or `-`, which means a tar on standard output.
    static func parse(_ text: String) throws -> ExportTarget {
        let fields = FieldList.parse(text)
        if fields.count == 1, fields[0].value == nil {
            return text == "-"
                ? ExportTarget(form: .tar, destination: .standardOutput)
                : ExportTarget(form: .local, destination: .path(ByteString(text)))
        }
        var values: [(key: String, value: String)] = []
        for field in fields {
            guard let value = field.value else {
                throw ValidationError("--output \(text): `\(field.key)` needs a value")
            }
            values.append((field.key.lowercased(), value))
        }
        guard let type = values.last(where: { $0.key == "type" })?.value else {
            throw ValidationError("--output \(text): `type=` is missing")
        }
        guard let form = ExportTarget.Form(rawValue: type) else {
            let all = ExportTarget.Form.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("--output \(text): `type=\(type)` is not one of \(all)")
        }
        var target = ExportTarget(form: form, destination: .store)
        for (key, value) in values where key != "type" {
            try set(key, to: value, of: &target, text)
        }
        try check(target, text)
        return target
    }

    private static func set(_ key: String, to value: String, of target: inout ExportTarget, _ text: String) throws {
        switch key {
        case "dest": target.destination = value == "-" ? .standardOutput : .path(ByteString(value))
        case "name": target.names += value.split(separator: ",").map(String.init)
        case "compression":
            guard let compression = ExportCompression(rawValue: value) else {
                let all = ExportCompression.allCases.map(\.rawValue).joined(separator: ", ")
                throw ValidationError("--output \(text): `compression=\(value)` is not one of \(all)")
            }
            target.compression = compression
        case "force-compression": target.forcesCompression = try boolean(value, key, text)
        case "rewrite-timestamp":
            guard try boolean(value, key, text) else {
                throw ValidationError("--output \(text): SOURCE_DATE_EPOCH always bounds the times of new layers")
            }
        case "tar": target.isFolder = try !boolean(value, key, text)
        case "oci-mediatypes": target.usesDockerMediaTypes = try !boolean(value, key, text)
        case "push":
            guard try !boolean(value, key, text) else {
                throw ValidationError("--output \(text): slipway does not push to registries yet")
            }
        default:
            throw ValidationError("--output \(text): `\(key)` is not an option of `type=\(target.form.rawValue)`")
        }
    }

    private static func check(_ target: ExportTarget, _ text: String) throws {
        switch (target.form, target.destination) {
        case (.oci, .store), (.local, .store), (.tar, .store):
            throw ValidationError("--output \(text): `dest=` is missing")
        case (.local, .standardOutput):
            throw ValidationError("--output \(text): a folder cannot go to standard output; use `type=tar`")
        case (.image, .path), (.image, .standardOutput):
            throw ValidationError("--output \(text): `type=image` takes no `dest=`")
        default: break
        }
        // The store has one form of each image.
        let changes = target.forcesCompression || target.usesDockerMediaTypes
        if target.destination == .store, changes || ![nil, .gzip].contains(target.compression) {
            throw ValidationError("--output \(text): layers and manifest of the store stay as they are; add `dest=`")
        }
        if target.isFolder, target.form != .oci {
            throw ValidationError("--output \(text): `tar=false` goes with `type=oci`")
        }
        if target.isFolder, target.destination == .standardOutput {
            throw ValidationError("--output \(text): a folder cannot go to standard output")
        }
    }

    private static func boolean(_ value: String, _ key: String, _ text: String) throws -> Bool {
        switch value.lowercased() {
        case "true", "1": true
        case "false", "0": false
        default: throw ValidationError("--output \(text): `\(key)` is true or false")
        }
    }
}
