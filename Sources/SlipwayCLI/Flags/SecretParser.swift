import ArgumentParser
import BuildInterface
import ByteStrings

/// Reads the value of `--secret`.
enum SecretParser {
    /// Reads `id=NAME[,src=PATH|,env=VARIABLE][,type=file|env]`.
    ///
    /// Without a type and a source, an environment variable of the id's name wins over a file of that name.
    static func parse(_ text: String, environment: [ByteString: ByteString]) throws -> BuildSecret {
        var id: String?
        var file: String?
        var variable: String?
        var type: String?
        for field in FieldList.parse(text) {
            guard let value = field.value else { throw ValidationError("--secret \(text): it takes id=NAME,src=PATH") }
            switch field.key.lowercased() {
            case "id": id = value
            case "src", "source": file = value
            case "env": variable = value
            case "type" where ["file", "env"].contains(value): type = value
            default: throw ValidationError("--secret \(text): `\(field.key)=\(value)` is not an option of a secret")
            }
        }
        if type == "env", variable == nil { (variable, file) = (file, nil) }
        guard let name = id ?? file ?? variable, !name.isEmpty else {
            throw ValidationError("--secret \(text): `id=` is missing")
        }
        if let variable { return BuildSecret(id: ByteString(name), source: .environment(ByteString(variable))) }
        if let file { return BuildSecret(id: ByteString(name), source: .file(ByteString(file))) }
        let fallback = ByteString(name)
        if type != "file", type == "env" || environment[fallback] != nil {
            return BuildSecret(id: fallback, source: .environment(fallback))
        }
        return BuildSecret(id: fallback, source: .file(fallback))
    }
}
