import ArgumentParser
import BuildInterface
import ByteStrings

/// Reads the value of `--build-context`.
enum NamedContextParser {
    /// Reads `NAME=LOCATION`.
    static func parse(_ text: String) throws -> NamedContext {
        guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
            throw ValidationError("--build-context \(text): it takes NAME=LOCATION")
        }
        let location = String(text[text.index(after: equals)...])
        guard !location.isEmpty else {
            throw ValidationError("--build-context \(text): a location is missing after `=`")
        }
        return NamedContext(name: ByteString(String(text[..<equals])), location: try self.location(location, text))
    }

    private static func location(_ location: String, _ text: String) throws -> NamedContext.Location {
        if let path = rest(location, after: "oci-archive:") { return .ociArchive(ByteString(path)) }
        if let path = rest(location, after: "docker-archive:") { return .dockerArchive(ByteString(path)) }
        if let reference = rest(location, after: "docker-image://") { return .image(reference) }
        if let layout = rest(location, after: "oci-layout://") { return ociLayout(layout) }
        for scheme in ["https://", "http://", "git://", "ssh://", "git@", "target:", "input:"]
        where location.hasPrefix(scheme) {
            throw ValidationError("--build-context \(text): slipway cannot read `\(scheme)` contexts yet")
        }
        return .folder(ByteString(location))
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
