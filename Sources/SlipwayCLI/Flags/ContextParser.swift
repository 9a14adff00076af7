import BuildInterface
import ByteStrings
import RemoteSources

/// Tells folders of the host from what is on other machines.
enum ContextParser {
    /// Reads the last argument of `slipway build`.
    static func parse(_ text: String) -> ContextLocation {
        if text == "-" { return .standardInput }
        let bytes = ByteString(text)
        return isRemote(bytes) ? .remote(bytes) : .folder(bytes)
    }

    /// Whether the text is an HTTP address or in a form of git's.
    static func isRemote(_ text: ByteString) -> Bool {
        if isURL(text) { return true }
        do {
            return try GitReference(text) != nil
        } catch {
            // One with something wrong in it; the build says what.
            return true
        }
    }

    static func isURL(_ text: ByteString) -> Bool {
        let scheme = String(decoding: text.bytes.prefix(8), as: UTF8.self).lowercased()
        return scheme.hasPrefix("http://") || scheme == "https://"
    }
}
