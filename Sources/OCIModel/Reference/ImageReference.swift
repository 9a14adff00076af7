/// The name of an image: registry, repository, and a tag, a digest or both.
///
/// `busybox` is `docker.io/library/busybox:latest`. A name with a digest has a tag only when one is written.
package struct ImageReference: Hashable, Sendable {
    /// The registry, possibly with a port, such as `docker.io` or `localhost:5000`.
    package let domain: String

    /// The repository within the registry, such as `library/busybox`.
    package let path: String
    package let tag: String?
    package let digest: Digest?

    /// Reads a name as it is written on the command line or in a Dockerfile.
    ///
    /// - Throws: ``ReferenceError`` naming the part that is wrong.
    package init(_ text: String) throws(ReferenceError) {
        var rest = Array(text.utf8)[...]
        if rest.isEmpty { throw .empty }
        if rest.count == 64, rest.allSatisfy({ ReferenceGrammar.isHexDigit($0) && !ReferenceGrammar.isUpperCase($0) }) {
            throw .looksLikeIdentifier(text)
        }

        if let at = rest.firstIndex(of: UInt8(ascii: "@")) {
            do throws(DigestError) {
                digest = try Digest(String(decoding: rest[(at + 1)...], as: UTF8.self))
            } catch {
                throw .badDigest(error)
            }
            rest = rest[..<at]
        } else {
            digest = nil
        }

        // A colon is a tag's only after the last slash; before that it is a port's.
        let nameStart = rest.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? rest.startIndex
        if let colon = rest[nameStart...].firstIndex(of: UInt8(ascii: ":")) {
            let written = rest[(colon + 1)...]
            guard ReferenceGrammar.isTag(written) else { throw .badTag(String(decoding: written, as: UTF8.self)) }
            tag = String(decoding: written, as: UTF8.self)
            rest = rest[..<colon]
        } else {
            tag = digest == nil ? Self.defaultTag : nil
        }

        (domain, path) = try Self.splitName(rest)
        let count = domain.utf8.count + 1 + path.utf8.count
        if count > 255 { throw .tooLong(count) }
    }

    private init(domain: String, path: String, tag: String?, digest: Digest?) {
        self.domain = domain
        self.path = path
        self.tag = tag
        self.digest = digest
    }

    private static let defaultTag = "latest"
    private static let defaultDomain = "docker.io"
    private static let officialPrefix = "library/"

    private static func splitName(_ name: ReferenceGrammar.Bytes) throws(ReferenceError) -> (String, String) {
        var domain = defaultDomain
        var repository = name
        if let slash = name.firstIndex(of: UInt8(ascii: "/")) {
            let first = name[..<slash]
            let isDomain =
                first.contains(UInt8(ascii: ".")) || first.contains(UInt8(ascii: ":"))
                || first.elementsEqual("localhost".utf8) || first.contains(where: ReferenceGrammar.isUpperCase)
            if isDomain {
                domain = String(decoding: first, as: UTF8.self)
                repository = name[(slash + 1)...]
                guard ReferenceGrammar.isDomain(first) else { throw .badDomain(domain) }
            }
        }
        if domain == "index.docker.io" { domain = defaultDomain }
        let path = String(decoding: repository, as: UTF8.self)
        guard ReferenceGrammar.isRepository(repository) else {
            if repository.contains(where: ReferenceGrammar.isUpperCase) { throw .upperCaseRepository(path) }
            throw .badRepository(path)
        }
        let isOfficial = domain == defaultDomain && !repository.contains(UInt8(ascii: "/"))
        return (domain, isOfficial ? officialPrefix + path : path)
    }
}

extension ImageReference {
    /// Registry and repository in full: `docker.io/library/busybox`.
    package var repository: String {
        domain + "/" + path
    }

    /// Registry and repository as people write them: `busybox`.
    package var familiarRepository: String {
        guard domain == Self.defaultDomain else { return repository }
        let short = path.hasPrefix(Self.officialPrefix) ? String(path.dropFirst(Self.officialPrefix.count)) : path
        return short.contains("/") && path.hasPrefix(Self.officialPrefix) ? path : short
    }

    /// The whole name as people write it: `busybox:latest`.
    package var familiarName: String {
        familiarRepository + suffix
    }

    /// The whole name with every part written out: `docker.io/library/busybox:latest`.
    package var canonicalName: String {
        repository + suffix
    }

    /// The same name with this digest added.
    package func with(digest: Digest) -> ImageReference {
        ImageReference(domain: domain, path: path, tag: tag, digest: digest)
    }

    private var suffix: String {
        (tag.map { ":" + $0 } ?? "") + (digest.map { "@\($0)" } ?? "")
    }
}

extension ImageReference: CustomStringConvertible {
    /// The canonical name.
    package var description: String { canonicalName }
}
