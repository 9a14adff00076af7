package import OCIModel

/// Which image of an archive is meant.
package enum ImageSelector: Hashable, Sendable {
    /// The only one.
    case only

    /// The one of this manifest, or of this configuration.
    case digest(Digest)

    /// The one of this name or this tag, as written.
    case name(String)

    /// Reads what follows the path in `oci-layout://PATH:TAG` or `PATH@DIGEST`; nil means the only image.
    ///
    /// - Throws: `DigestError` when the text has the form of a digest and is none.
    package init(_ text: String?) throws(DigestError) {
        guard let text else {
            self = .only
            return
        }
        if text.hasPrefix("@") {
            self = .digest(try Digest(String(text.dropFirst())))
        } else if text.contains(":"), let digest = try? Digest(text) {
            self = .digest(digest)
        } else {
            self = .name(text)
        }
    }

    /// Whether a name in an archive is the one that is meant.
    func matches(_ name: String) -> Bool {
        guard case .name(let wanted) = self else { return false }
        if name == wanted { return true }
        guard let found = try? ImageReference(name) else { return false }
        if found.tag == wanted { return true }
        return (try? ImageReference(wanted))?.canonicalName == found.canonicalName
    }
}

extension ImageSelector: CustomStringConvertible {
    /// As it was written.
    package var description: String {
        switch self {
        case .only: ""
        case .digest(let digest): digest.description
        case .name(let name): name
        }
    }
}
