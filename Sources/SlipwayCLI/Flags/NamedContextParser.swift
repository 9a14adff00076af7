import ArgumentParser
import BuildInterface
import ByteStrings
import OCIModel

/// Reads the value of `--build-context`.
enum NamedContextParser {
    /// Reads `NAME=LOCATION` or `NAME::PLATFORM=LOCATION`.
    static func parse(_ text: String) throws -> NamedContext {
        guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
            throw ValidationError("--build-context \(text): it takes NAME=LOCATION")
        }
        let location = String(text[text.index(after: equals)...])
        guard !location.isEmpty else {
            throw ValidationError("--build-context \(text): a location is missing after `=`")
        }
        let (name, platform) = try split(String(text[..<equals]), text)
        return NamedContext(name: ByteString(name), platform: platform, location: try self.location(location, text))
    }

    /// The name, and the platform behind its last two colons.
    private static func split(_ key: String, _ text: String) throws -> (name: String, platform: Platform?) {
        guard let colons = key.ranges(of: "::").last else { return (key, nil) }
        let (name, written) = (String(key[..<colons.lowerBound]), String(key[colons.upperBound...]))
        guard !name.isEmpty else {
            throw ValidationError("--build-context \(text): a name is missing before `::`")
        }
        do {
            return (name, try Platform(written))
        } catch {
            throw ValidationError("--build-context \(text): behind `::` stands a platform, but \(error)")
        }
    }

    private static func location(_ location: String, _ text: String) throws -> NamedContext.Location {
        if let path = rest(location, after: "oci-archive:") { return .ociArchive(ByteString(path)) }
        if let path = rest(location, after: "docker-archive:") { return .dockerArchive(ByteString(path)) }
        if let reference = rest(location, after: "docker-image://") { return .image(reference) }
        if let layout = rest(location, after: "oci-layout://") { return ociLayout(layout) }
        if let stage = rest(location, after: "target:") {
            guard !stage.isEmpty else {
                throw ValidationError("--build-context \(text): a stage is missing after `target:`")
            }
            return .stage(ByteString(stage))
        }
        if location == "-" {
            throw ValidationError("--build-context \(text): standard input can only be the main context")
        }
        let bytes = ByteString(location)
        return ContextParser.isRemote(bytes) ? .remote(bytes) : .path(bytes)
    }

    /// Reads `PATH`, `PATH:TAG` or `PATH@DIGEST`.
    private static func ociLayout(_ text: String) -> NamedContext.Location {
        if let at = text.firstIndex(of: "@") {
            return .ociLayout(path: ByteString(String(text[..<at])), selector: String(text[text.index(after: at)...]))
        }
        let name = text.lastIndex(of: "/").map { text.index(after: $0) } ?? text.startIndex
        guard let colon = text[name...].lastIndex(of: ":") else {
            return .ociLayout(path: ByteString(text), selector: nil)
        }
        return .ociLayout(path: ByteString(String(text[..<colon])), selector: String(text[text.index(after: colon)...]))
    }

    private static func rest(_ text: String, after prefix: String) -> String? {
        text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : nil
    }
}
